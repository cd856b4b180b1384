"""What an entry holds beside summary and body, as texts in mrkdwn under headings: by kind, route, nation and tier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.knowledge.entry import ByRoute, Case, Entry, Guide, Organisation, Platform, Prompt, StandardPoint, Template
from bot.knowledge.library import Library
from bot.rendering.blocks import headed, headed_list
from bot.rendering.mrkdwn import escape, from_markdown, link
from bot.rendering.words import NATIONS, NO_PLACE, NO_ROUTE, PHASES, TIERS, VERDICT, day, kind_of, status_line, title_of


def parts(entry: Entry, library: Library) -> list[str]:
    """All parts of *entry* that there are, in the order in which they are read."""
    texts = [
        *_kind_parts(entry, library),
        headed("Who it binds", from_markdown(entry.binds)) if entry.binds else "",
        _line("For", entry.applies_to),
        *_routes(entry),
        *_places(entry),
        headed_list("What changed here", [f"{day(change.on)}: {change.what}" for change in entry.changes]),
    ]
    return [text for text in texts if text]


def point_name(entry_id: str, library: Library) -> str:
    """A point of a standard in short, "Service Standard point 5"; anything else by its title."""
    entry = library.get(entry_id)
    if entry and entry.standard_point:
        return f"{kind_of(entry)} point {entry.standard_point.number}"
    return title_of(entry_id, library)


def _kind_parts(entry: Entry, library: Library) -> Iterator[str]:
    if entry.standard_point:
        yield from _point(entry.standard_point, library)
    if entry.platform:
        yield from _platform(entry.platform, library)
    if entry.case:
        yield from _case(entry.case, library)
    if entry.org:
        yield from _organisation(entry.org)
    if entry.guide:
        yield from _guide(entry.guide)
    if entry.template:
        yield from _template(entry.template, library)


def _point(point: StandardPoint, library: Library) -> Iterator[str]:
    yield headed_list("What it asks", point.asks)
    for phase in PHASES:
        yield headed_list(f"Evidence at {phase}", getattr(point.evidence, phase))
    yield headed_list("Why teams are found wanting", point.found_wanting)
    yield headed_list("Maps to", [title_of(one, library) for one in point.maps_to])


def _platform(platform: Platform, library: Library) -> Iterator[str]:
    yield headed("Status", escape(status_line(platform)))
    if platform.successor:
        yield headed("Successor", from_markdown(title_of(platform.successor, library)))
    yield headed("Who may use it", from_markdown(platform.audience))
    yield headed("What it costs", from_markdown(platform.cost))
    if platform.start:
        yield headed("Where to start", link(platform.start, platform.start))
    yield headed_list("When not to use it", platform.not_when)


def _case(case: Case, library: Library) -> Iterator[str]:
    who = f"{', '.join(case.organisations)}, {case.years}"
    yield headed("Who and when", escape(who))
    yield headed("Verdict", f"{VERDICT[case.verdict]}.")
    told = {"The problem": case.problem, "What they did": case.did, "What came of it": case.outcome}
    for heading, text in told.items():
        yield headed(heading, from_markdown(text))
    if case.went_wrong:
        yield headed("What went wrong", from_markdown(case.went_wrong))
    yield headed_list("Lessons", case.lessons)
    yield _line("Service areas", case.service_areas)
    yield _line("Illustrates", [point_name(one, library) for one in case.illustrates])


def _organisation(org: Organisation) -> Iterator[str]:
    yield headed("What it does", from_markdown(org.role))
    yield headed_list("Former names", org.former_names)
    yield headed_list("Ask of it", org.ask)


def _guide(guide: Guide) -> Iterator[str]:
    yield headed_list("What the law says", guide.law)
    yield headed_list("Who helps", guide.help)
    yield headed_list("What usually goes wrong", guide.mistakes)


def _template(template: Template, library: Library) -> Iterator[str]:
    yield headed("When it falls", from_markdown(template.falls))
    yield headed("Who decides", from_markdown(template.decides))
    for number, prompt in enumerate(template.prompts, 1):
        yield headed(f"{number}. {prompt.question}", "\n".join(_prompt(prompt, library)))


def _prompt(prompt: Prompt, library: Library) -> Iterator[str]:
    if prompt.only_if:
        yield f"Only where the service {prompt.only_if}."
    required = " A link is required." if prompt.link_required else ""
    yield f"Evidence: {from_markdown(prompt.evidence)}{required}"
    yield from _prompt_routes(prompt.by_route)
    if prompt.points:
        yield f"Points: {escape(', '.join(point_name(one, library) for one in prompt.points))}"
    yield f"Help: {escape(title_of(prompt.help, library))}"


def _prompt_routes(by_route: ByRoute | None) -> Iterator[str]:
    if by_route is None:
        yield NO_ROUTE
        return
    if by_route.built:
        yield f"If built: {from_markdown(by_route.built)}"
    if by_route.bought:
        yield f"If bought, ask the supplier: {_run(by_route.bought.ask_supplier)}"
        yield f"If bought, look for in the contract: {_run(by_route.bought.look_for_in_contract)}"
    if by_route.configured:
        yield f"If configured: {from_markdown(by_route.configured)}"


def _places(entry: Entry) -> Iterator[str]:
    """What is noted by nation and by kind of council; of points and checkpoints also where nothing is."""
    nations = [f"{NATIONS[nation]}: {text}" for nation, text in entry.by_nation.items()]
    tiers = [f"{TIERS[tier]}: {text}" for tier, text in entry.by_tier.items()]
    says_so = entry.standard_point is not None or entry.template is not None
    for heading, lines in (("By nation", nations), ("By kind of council", tiers)):
        if lines or says_so:
            yield headed_list(heading, lines or [NO_PLACE])


def _routes(entry: Entry) -> Iterator[str]:
    """What is noted for a service that is built, bought or configured; a word where nothing is. Prompts say it each."""
    by_route = entry.by_route
    if by_route is None:
        if entry.template is None:
            yield headed("Built, bought or configured", NO_ROUTE)
        return
    if by_route.built:
        yield headed("If you build", from_markdown(by_route.built))
    if by_route.bought:
        yield headed_list("If you buy, ask the supplier", by_route.bought.ask_supplier)
        yield headed_list("If you buy, look for in the contract", by_route.bought.look_for_in_contract)
    if by_route.configured:
        yield headed("If you configure a shared product", from_markdown(by_route.configured))


def _line(heading: str, items: Iterable[str]) -> str:
    listed = ", ".join(items)
    return headed(heading, escape(listed)) if listed else ""


def _run(lines: Iterable[str]) -> str:
    return " ".join(from_markdown(line) for line in lines)
