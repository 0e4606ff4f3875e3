// From letter to verdict on a phone (360 × 740), with and without JavaScript, in a running demonstration; and what
// the first load of a livret and of a verdict weigh as transferred.
// usage: node walk.mjs ORIGIN [DIR for screenshots]
import { launch, fail, PHONE } from "./chromium.mjs";

const [origin, shots] = process.argv.slice(2);
const LIMIT = 60_000;
const browser = await launch();

/** A page in a fresh phone; counts the bytes received, as transferred. */
async function phone(options) {
  const context = await browser.newContext({ viewport: PHONE, locale: "fr-FR", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const problems = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("favicon")) problems.push(message.text());
  });
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  let bytes = 0;
  session.on("Network.loadingFinished", (event) => { bytes += event.encodedDataLength; });
  return { context, page, problems, weigh: () => { const seen = bytes; bytes = 0; return seen; } };
}

async function shot(page, name) {
  if (shots) await page.screenshot({ path: `${shots}/marche-${name}.png` });
}

async function title(page) {
  return (await page.locator("h1").first().innerText()).trim();
}

function expect(condition, sentence) {
  if (!condition) fail(sentence);
}

async function letters(page, person) {
  await page.goto(`${origin}/courrier`);
  const lines = page.locator("li", { hasText: person });
  const count = await lines.count();
  const found = [];
  for (let i = 0; i < count; i += 1) found.push(await lines.nth(i).locator("a").getAttribute("href"));
  return found;
}

/** Fails when `locator` is not whole above the bar at the thumb, without scrolling. */
async function standsAboveTheBar(page, locator, what) {
  const [box, bar] = [await locator.boundingBox(), await page.locator(".thumb").boundingBox()];
  expect(box && box.y + box.height <= bar.y, `${what}: ends at ${box && box.y + box.height}, the bar begins at ${bar.y}`);
}

/** Tabs through the page: nothing that has the focus may lie under the bar at the thumb. */
async function nothingFocusedHides(page, what) {
  await page.evaluate(() => window.scrollTo(0, 0));
  for (let n = 0; n < 60; n += 1) {
    await page.keyboard.press("Tab");
    const hidden = await page.evaluate(() => {
      const [at, bar] = [document.activeElement, document.querySelector(".thumb")];
      if (!at || at === document.body) return "end";
      if (bar.contains(at)) return "";
      const [box, top] = [at.getBoundingClientRect(), bar.getBoundingClientRect().top];
      return box.bottom > top + 1 && box.height < top ? at.textContent.trim() : "";
    });
    if (hidden === "end") return;
    expect(hidden === "", `${what}: « ${hidden} » has the focus under the bar`);
  }
}

/** One learner's walk; `person` has letters that nobody opened yet. */
async function walk(person, name, javaScriptEnabled) {
  const mode = javaScriptEnabled ? "avec-script" : "sans-script";
  const learner = await phone({ javaScriptEnabled });
  const { page } = learner;
  await page.goto(origin);
  expect((await page.locator("main").innerText()).includes("promenade"), `${mode}: the first page does not invite to walk`);
  await shot(page, `${mode}-0-accueil`);
  const found = await letters(page, person);
  expect(found.length > 0, `${mode}: no letter for ${person}`);
  for (const letter of found) {
    await page.goto(`${origin}${letter}`);
    await shot(page, `${mode}-1-lettre`);
    await page.locator('main a[href*="/r/"]').first().click();
    await shot(page, `${mode}-2-badge`);
    await page.getByRole("button", { name: /C’est à moi|Ajouter/ }).click();
  }
  await page.goto(`${origin}/livret`);
  expect((await page.locator("main").innerText()).includes("badge"), `${mode}: the livret holds no badge`);
  await shot(page, `${mode}-3-livret`);
  // Two taps from the livret to the QR at most.
  await page.getByRole("button", { name: "Montrer" }).first().click();
  await page.waitForSelector(".qr svg, svg.qrc");
  await shot(page, `${mode}-4-montrer`);
  const code = (await page.locator(".code").first().innerText()).replace(/^.*:/s, "").trim();
  expect(/^[2-9A-HJKMNP-Z]{4}\s[2-9A-HJKMNP-Z]{4}$/.test(code), `${mode}: « ${code} » is no code`);

  // The badge as a picture, for a CV: one tap from its page.
  await page.goto(`${origin}/livret`);
  await page.locator('a.medal[href*="/livret/badges/"]').first().click();
  await shot(page, `${mode}-6-badge`);
  await standsAboveTheBar(page, page.locator('main button:has-text("Montrer")'), `${mode}: Montrer`);
  await nothingFocusedHides(page, `${mode}: the badge`);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "L’image du badge (PNG)" }).click(),
  ]);
  expect(file.suggestedFilename().endsWith(".png"), `${mode}: the picture is called ${file.suggestedFilename()}`);
  await page.getByText("Autres formats").click();
  await shot(page, `${mode}-7-formats`);

  const employer = await phone({ javaScriptEnabled });
  await employer.page.goto(`${origin}/v`);
  await employer.page.getByLabel("Code écrit sous le QR").fill(code);
  await employer.page.getByRole("button", { name: "Vérifier", exact: true }).click();
  expect((await title(employer.page)) === "Badge authentique", `${mode}: the verdict is « ${await title(employer.page)} »`);
  expect((await employer.page.locator("main").innerText()).includes(name), `${mode}: the verdict names nobody`);
  await shot(employer.page, `${mode}-5-verdict`);
  for (const problem of [...learner.problems, ...employer.problems]) fail(`${mode}: console: ${problem}`);
  await employer.context.close();

  if (javaScriptEnabled) {
    await page.goto(`${origin}/livret/partager`);
    await page.locator("main input[name=badge]").first().check();
    await page.getByLabel("Une entreprise").check();
    await page.getByRole("button", { name: "Créer le partage" }).click();
    await page.waitForURL(/partages/);
    await standsAboveTheBar(page, page.locator("[data-copy]"), `${mode}: Copier le lien`);
    await nothingFocusedHides(page, `${mode}: the share`);
    await shot(page, `${mode}-8-partage`);
  }
  return learner;
}

async function weigh(what, address, cookies) {
  const visitor = await phone({});
  if (cookies) await visitor.context.addCookies(cookies);
  await visitor.page.goto(address, { waitUntil: "networkidle" });
  const weight = visitor.weigh();
  console.log(`${what}: ${(weight / 1000).toFixed(1)} kB transferred on first load`);
  expect(weight > 1_000 && weight < LIMIT, `${what}: ${weight} bytes transferred, more than ${LIMIT}`);
  await visitor.context.close();
}

const first = await walk("ines.duval@courriel.example", "Inès Duval", true);
const cookies = await first.context.cookies();
const second = await walk("amina.lefevre@courriel.example", "Amina Lefèvre", false);

// The trainer's side, by keyboard and finger: sign in, session, the page where people are ticked.
const trainer = await phone({});
const before = (await letters(trainer.page, "claire.aubert@noireau.example")).length;
await trainer.page.goto(`${origin}/atelier/entrer`);
await trainer.page.getByLabel("Votre adresse e-mail").fill("claire.aubert@noireau.example");
await trainer.page.keyboard.press("Enter");
await trainer.page.waitForURL(/envoye/);
let arrived = [];
for (let tries = 0; tries < 100 && arrived.length <= before; tries += 1) {
  arrived = await letters(trainer.page, "claire.aubert@noireau.example");
}
await trainer.page.goto(`${origin}${arrived[0]}`);
const door = await trainer.page.locator('main a[href*="/atelier/entrer/"]').first().getAttribute("href");
await trainer.page.goto(door);
await trainer.page.getByRole("button", { name: "Entrer" }).click();
await shot(trainer.page, "formatrice-1-sessions");
await trainer.page.getByRole("link", { name: /groupe du lundi/ }).first().click();
await shot(trainer.page, "formatrice-2-session");
const session = trainer.page.url().split("?")[0];
// Following up: what can be done for a badge is one tap away, and says that it was done.
const acts = trainer.page.locator("summary", { hasText: "Agir" }).first();
expect(await acts.count() > 0, "no badge waits in the session of the demonstration");
await acts.click();
await shot(trainer.page, "formatrice-2-agir");
await trainer.page.getByRole("button", { name: "Marquer comme remis" }).first().click();
expect((await trainer.page.locator("main").innerText()).includes("coupon remis en main propre"), "the follow-up does not say what was done");
await shot(trainer.page, "formatrice-2-remis");
await trainer.page.goto(`${session}/attester?badge=cpt-rigueur/pratique`);
await shot(trainer.page, "formatrice-3-attester");
expect(await trainer.page.getByLabel("Lina Morel").count() > 0, "the page where people are ticked does not show them");

await weigh("livret", `${origin}/livret`, cookies);
const share = await (async () => {
  const visitor = await phone({});
  await visitor.page.goto(origin);
  const href = await visitor.page.locator('a[href*="/v/"]').first().getAttribute("href");
  await visitor.context.close();
  return href;
})();
await weigh("verdict", share);

await first.context.close();
await second.context.close();
await browser.close();
