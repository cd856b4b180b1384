/* What HTML and htmx do not do by themselves: open a dialog and give the focus back, send with Enter, stay at the end. */
(() => {
  let opener = null;
  const atEnd = new WeakMap();
  const logs = () => document.querySelectorAll("[data-log]");
  const toEnd = (log) => {
    log.scrollTop = log.scrollHeight;
    if (log.scrollHeight <= log.clientHeight) log.lastElementChild?.scrollIntoView({ block: "nearest" });
  };
  const watch = (log) => atEnd.set(log, log.scrollHeight - log.scrollTop - log.clientHeight < 80);

  function openDialogs() {
    const dialog = document.querySelector("#asking dialog[data-modal]:not([open], [data-done])") ||
      document.querySelector("#modal-place dialog[data-modal]:not([open])");
    if (!dialog) return;
    const active = document.activeElement;
    if (active && active !== document.body && !active.closest("dialog")) opener = active.id;
    dialog.showModal();
  }

  function giveFocusBack() {
    if (opener === null || document.querySelector("dialog[open]")) return;
    const lost = document.activeElement === document.body || !document.activeElement;
    if (lost) (document.getElementById(opener) || document.getElementById("main"))?.focus();
    opener = null;
  }

  const stayAtEnd = () => logs().forEach((log) => { if (atEnd.get(log) !== false) toEnd(log); });

  function settle() {
    stayAtEnd();
    openDialogs();
    giveFocusBack();
  }

  document.addEventListener("DOMContentLoaded", () => {
    logs().forEach((log) => { toEnd(log); log.addEventListener("scroll", () => watch(log)); });
    openDialogs();
  });
  document.addEventListener("htmx:after:swap", settle);
  window.addEventListener("resize", stayAtEnd);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("[data-enter]")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });

  document.addEventListener("focusin", (event) => {
    const box = event.target;
    if (box.matches("textarea[autofocus]") && !box.dataset.begun) {
      box.dataset.begun = "1";
      box.setSelectionRange(box.value.length, box.value.length);
    }
  });

  document.addEventListener("cancel", (event) => {
    const button = event.target.querySelector?.("[data-cancel]");
    if (button) { event.preventDefault(); button.click(); }
  }, true);

  document.addEventListener("click", (event) => {
    const dialog = event.target.closest("[data-dismiss]") && event.target.closest("dialog");
    if (dialog) { dialog.dataset.done = "1"; dialog.close(); giveFocusBack(); }
  });

  document.addEventListener("htmx:config:request", (event) => {
    if (event.target.id === "news" && document.hidden) event.preventDefault();
  });

  const say = (words) => { document.getElementById("flash").textContent = words; };
  document.addEventListener("htmx:response:error", () => say("That did not work: the trial itself failed. Look where it was started."));
  document.addEventListener("htmx:error", (event) => {
    if (event.target.id !== "news") { say("That did not reach the trial. Is it still running?"); return; }
    say("The connection to this trial was lost. It is tried again; is it still running?");
    document.body.classList.add("lost");
  });
  document.addEventListener("htmx:after:request", (event) => {
    if (event.target.id === "news" && document.body.classList.contains("lost")) location.reload();
  });
})();
