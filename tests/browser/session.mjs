// session.mjs - the panel from the open visit to the sheet, at the pace of a person: how many clicks, how many seconds.
// stdin: {"base": URL, "user": "...", "password": "...", "panel": PATH, "width": PX, "shots": DIR or null, "name": "...",
//         "steps": [{"click": SELECTOR} | {"type": TEXT} | {"key": KEY}]}; the last click opens the sheet
// stdout: {"clicks", "keys", "seconds", "sheet": text of the sheet, "url", "marked": texts marked as proposed, "filled": values of the lot's fields}
// Pace, after the keystroke-level model: 1.35 s to think, 1.1 s to point and 0.2 s to press for each click, 0.28 s a key.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const input = JSON.parse(readFileSync(0, "utf8"));
const THINK_MS = 1350, POINT_MS = 1100, PRESS_MS = 200, KEY_MS = 280;
const wait = (ms) => new Promise((r) => setTimeout(r, ms));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width: input.width, height: 900 }, httpCredentials: { username: input.user, password: input.password } });
const page = await context.newPage();
await page.goto(input.base + input.panel, { waitUntil: "load" });
const marked = await page.locator(".proposed").allInnerTexts();
const filled = await page.locator('input[name^="fact.product."]').evaluateAll((all) => all.map((x) => x.value));
if (input.shots)
	await page.screenshot({ path: `${input.shots}/${input.name}-${input.width}.png`, fullPage: true });

let clicks = 0, keys = 0;
const opened = new Promise((r) => context.once("page", r));
const start = Date.now();
for (const step of input.steps) {
	if (step.click) {
		await wait(THINK_MS + POINT_MS + PRESS_MS);
		await page.click(step.click);
		clicks++;
	} else if (step.key) {
		await wait(KEY_MS);
		await page.keyboard.press(step.key);
		keys++;
	} else {
		await page.keyboard.type(step.type, { delay: KEY_MS });
		keys += step.type.length;
	}
}
const sheet = await Promise.race([opened, wait(10000).then(() => null)]);
let text = null, url = null;
if (sheet) {
	await sheet.waitForLoadState("load");
	text = await sheet.innerText("body");
	url = sheet.url();
}
const seconds = (Date.now() - start) / 1000;
console.log(JSON.stringify({ clicks, keys, seconds, sheet: text, url, marked, filled }));
await browser.close();
