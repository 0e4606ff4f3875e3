// Every sample page of every house: axe (WCAG 2.x A and AA, good practices) in light and dark, no sideways
// scroll at 320 px, nothing refused by the content policy, nothing broken in the console.
// usage: node audit.mjs BASE COUNT [DIR for screenshots]
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { launch, fail, PHONE, DESK } from "./chromium.mjs";

const [base, count, shots] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const axe = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
const names = await (await fetch(`${base}/samples.json`)).json();
if (names.length !== Number(count) || names.length === 0) fail(`expected ${count} samples, found ${names.length}`);

const browser = await launch();
let violations = 0;
const WORKERS = 2;
const queue = names.map((name, index) => ({ name, index }));

async function worker() {
  const context = await browser.newContext({ viewport: PHONE, locale: "fr-FR", reducedMotion: "reduce" });
  const page = await context.newPage();
  let current = "";
  const problems = [];
  page.on("console", (message) => { if (message.type() === "error") problems.push(`${current}: console: ${message.text()}`); });
  page.on("pageerror", (error) => problems.push(`${current}: script: ${error.message}`));
  for (let job = queue.shift(); job; job = queue.shift()) {
    current = job.name;
    await page.setViewportSize(PHONE);
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(`${base}/sample/${job.index}`, { waitUntil: "load" });
    await page.evaluate(axe);
    // The whole page in view: a bar that stays at the bottom hides what one scrolls to, and axe does not scroll.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: PHONE.width, height: Math.max(PHONE.height, height + 80) });
    for (const scheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.waitForTimeout(50);
      const found = await page.evaluate(async () => {
        const result = await globalThis.axe.run(document, {
          resultTypes: ["violations"],
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        });
        return result.violations.map((v) => `${v.id}: ${v.help} → ${v.nodes.slice(0, 3).map((n) => `${n.target.join(" ")} ${n.failureSummary?.split("\n")[1] ?? ""}`).join(" | ")}`);
      });
      for (const line of found) { violations += 1; fail(`${job.name} [${scheme}] ${line}`); }
      if (shots) await page.screenshot({ path: `${shots}/${String(job.index).padStart(3, "0")}-${scheme}.png`, fullPage: true });
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 320, height: 640 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) { violations += 1; fail(`${job.name}: ${wide} px too wide at 320 px`); }
    await page.setViewportSize(DESK);
    if (shots) await page.screenshot({ path: `${shots}/${String(job.index).padStart(3, "0")}-desk.png` });
  }
  for (const problem of problems) { violations += 1; fail(problem); }
  await context.close();
}

await Promise.all(Array.from({ length: WORKERS }, worker));
await browser.close();
console.log(`${names.length} pages, ${violations} problems`);
