/* Optional comforts; every page works without this file. */
const $$ = (s) => document.querySelectorAll(s);
// « Écouter »: reads the block named by data-read
if ("speechSynthesis" in window) $$("[data-read]").forEach((b) => {
  b.hidden = false;
  b.onclick = () => {
    if (speechSynthesis.speaking) return speechSynthesis.cancel();
    const u = new SpeechSynthesisUtterance(document.getElementById(b.dataset.read).innerText);
    u.lang = "fr-FR"; u.rate = 0.9;
    speechSynthesis.speak(u);
  };
});
// « Copier »
if (navigator.clipboard) $$("[data-copy]").forEach((b) => {
  b.hidden = false;
  b.onclick = async () => {
    await navigator.clipboard.writeText(b.dataset.copy);
    if (b.nextElementSibling) b.nextElementSibling.textContent = "Copié";
  };
});
// « Imprimer »
$$("[data-print]").forEach((b) => { b.hidden = false; b.onclick = () => print(); });
// the summary of a refused form takes the focus
document.querySelector(".errors")?.focus();
// keeps the screen awake on the QR page
if ("wakeLock" in navigator && document.querySelector("[data-awake]")) navigator.wakeLock.request("screen").catch(() => {});
// keeps the draft of an unsent form in this tab. The computer may be shared: only what data-keep marks is kept
// (the trainer's own sentence, ticks by opaque id), it ends with the tab, and with the sending.
const drafts = { get: (k) => { try { return JSON.parse(sessionStorage.getItem(k)) ?? []; } catch { return []; } } };
$$("form[data-draft]").forEach((f) => {
  const key = "draft:" + f.dataset.draft, said = f.querySelector("[data-draft-said]");
  const kept = () => [...f.elements].filter((e) => e.name && "keep" in e.dataset && !e.disabled);
  const ticks = (e) => e.type === "checkbox" || e.type === "radio";
  const saved = drafts.get(key);
  if (saved.length && !f.querySelector(".wrong")) for (const e of kept()) {
    const mine = saved.filter(([n]) => n === e.name);
    if (ticks(e)) e.checked = mine.some(([, v]) => v === e.value);
    else if (mine.length) e.value = mine[0][1];
  }
  f.addEventListener("input", () => {
    const rows = kept().filter((e) => !ticks(e) || e.checked).map((e) => [e.name, e.value]);
    try { sessionStorage.setItem(key, JSON.stringify(rows)); } catch { return; }
    if (said) said.textContent = "Brouillon gardé sur cet appareil";
  });
  f.addEventListener("submit", () => sessionStorage.removeItem(key));
});
// a page of progress: exchanges its content until the server stops asking for it
const look = () => {
  const main = document.querySelector("main[data-refresh]");
  if (main) setTimeout(async () => {
    try {
      const res = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (res.redirected) return location.replace(res.url);
      if (res.ok) {
        const page = new DOMParser().parseFromString(await res.text(), "text/html"), next = page.querySelector("main");
        if (next && !main.contains(document.activeElement)) {
          document.title = page.title;
          main.replaceWith(document.adoptNode(next));
        } else if (next && !("refresh" in next.dataset)) return location.reload();
      }
    } catch { /* the network is away: look again */ }
    look();
  }, main.dataset.refresh * 1000);
};
look();
