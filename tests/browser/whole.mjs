// whole.mjs - one patient's story in the chart and the panel, as the people of a clinic play it: clicks and keys, roles and texts.
// argv: base URL, password, folder for screenshots or "". stdout: one JSON line an event; stdin: one line an answer.
//   {"claim": ok, "sentence", "detail"} · {"say": text} · {"clock": RFC 3339} -> {} · {"tasks": true} -> [task] · {"paper": name, "pdf": base64} -> {"pages", "text"}
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import axe from "axe-core";
import { keyboard } from "./keyboard.mjs";

const [, , base, password, shots] = process.argv;
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// Pace of a person, after the keystroke-level model: 1.35 s to think, 1.1 s to point, 0.2 s to press, 0.28 s a key
const THINK_POINT_PRESS_MS = 2650, KEY_MS = 280;
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const tell = (x) => process.stdout.write(JSON.stringify(x) + "\n");
const ask = async (x) => { tell(x); return JSON.parse((await answers.next()).value); };
const say = (text) => tell({ say: text });
const claim = (ok, sentence, detail = "") => tell({ claim: !!ok, sentence, detail: String(detail).slice(0, 1500) });
const clock = (at) => ask({ clock: at });
const tasks = async (plan) => Object.fromEntries((await ask({ tasks: true })).filter((t) => t.plan === plan).map((t) => [t.name, t]));
const wait = (ms) => new Promise((r) => setTimeout(r, ms));

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const credentials = (user) => ({ httpCredentials: { username: user, password } });
const people = {};
/* The page of somebody who works here: nothing about it is relaxed. */
async function as(user) {
	if (!people[user])
		people[user] = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...credentials(user) })).newPage();
	return people[user];
}
const panelOf = (page) => page.frameLocator('iframe[title="Aftercare"]');

/* What stands at a path, at desk and phone width: no violation, nothing jumps, nothing is wider than the screen. The test's own script
 * runs although the pages allow none. */
const eyes = {};
async function look(name, user, path) {
	for (const [width, height] of [[1280, 900], [390, 844]]) {
		const key = user + width;
		if (!eyes[key]) {
			eyes[key] = await browser.newContext({ viewport: { width, height }, bypassCSP: true, ...credentials(user) });
			await eyes[key].addInitScript(() => {
				window.layoutShift = 0;
				new PerformanceObserver((l) => l.getEntries().forEach((e) => { window.layoutShift += e.value; })).observe({ type: "layout-shift", buffered: true });
			});
		}
		const page = await eyes[key].newPage();
		let answer;
		for (let tries = 3; tries > 0; tries--) { /* as in axe.mjs: what jumps by itself jumps each time */
			answer = await page.goto(base + path, { waitUntil: "load" });
			const shifts = await Promise.all(page.frames().map((f) => f.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => r(window.layoutShift)))))));
			if (Math.max(...shifts) < 0.001)
				break;
		}
		claim(answer.status() === 200, `${name} answers`, answer.status());
		for (const frame of page.frames()) {
			await frame.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r))));
			await frame.evaluate(axe.source);
			const found = await frame.evaluate((tags) => window.axe.run(document, { runOnly: tags, iframes: false }), TAGS);
			const { shift, over } = await frame.evaluate(() => ({ shift: window.layoutShift, over: document.documentElement.scrollWidth - document.documentElement.clientWidth }));
			const where = `${name} at ${width} px${frame === page.mainFrame() ? "" : ", the panel in it,"}`;
			claim(found.violations.length === 0, `${where} has no violation`, JSON.stringify(found.violations.map((v) => [v.id, v.nodes.slice(0, 2).map((n) => n.html.slice(0, 160))])));
			claim(shift < 0.001, `${where} does not jump`, shift); /* a page that arrives in two parts may move a line by a few pixels */
			claim(over <= 0, `${where} is not wider than the screen`, over);
		}
		if (shots)
			await page.screenshot({ path: `${shots}/${name}-${width}.png`, fullPage: true });
		await page.close();
	}
}

/* The tab that `act` opens. */
async function opened(page, act) {
	const tab = page.waitForEvent("popup", { timeout: 60000 });
	await act();
	const p = await tab;
	await p.waitForLoadState("load");
	return p;
}

/* Clicks and keys at a person's pace. */
async function pace(steps) {
	const start = Date.now();
	let clicks = 0, keys = 0;
	for (const s of steps) {
		if (typeof s === "string") {
			keys += s.length;
			await people.nurse.keyboard.type(s, { delay: KEY_MS });
		} else if (s.key) {
			keys++;
			await wait(KEY_MS);
			await people.nurse.keyboard.press(s.key);
		} else {
			clicks++;
			await wait(THINK_POINT_PRESS_MS);
			await s.click();
		}
	}
	return { clicks, keys, seconds: () => (Date.now() - start) / 1000 };
}

async function texts(locator) {
	return (await locator.innerText()).replace(/\s+/g, " ");
}

/* A first session, from the chart's page of the encounter to the sheet. */
async function first() {
	const nurse = await as("nurse");
	await nurse.goto(base + "/visit/1008");
	await nurse.getByRole("button", { name: "Record the treatment as done" }).click();
	const panel = panelOf(nurse);
	await panel.getByRole("button", { name: "Confirm and print" }).waitFor();
	await look("02-first-session", "nurse", "/visit/1008");
	const radio = (group, name) => panel.getByRole("group", { name: group }).getByRole("radio", { name, exact: true });
	const box = (group, name) => panel.getByRole("group", { name: group }).getByRole("checkbox", { name, exact: true });
	let measured;
	const sheet = await opened(nurse, async () => {
		measured = await pace([box(/^Treated areas?/, "Face"), radio(/^Technique/, "Syringe, by hand"), radio(/^Treated for/, "Skin rejuvenation"),
			radio(/blood thinner/, "No"), { key: "Tab" }, "1", { key: "Tab" }, "6", panel.getByRole("textbox", { name: "Lot number" }), "L-2231",
			{ key: "Tab" }, "2031-01", panel.getByRole("button", { name: "Confirm and print" })]);
	});
	const seconds = measured.seconds();
	claim(seconds < 30, "a first session takes less than 30 s from the chart's page", seconds);
	claim((await texts(sheet.locator("body"))).includes("L-2231"), "and its sheet names the lot");
	say(`first session from the chart: ${measured.clicks} clicks, ${measured.keys} keys, ${seconds.toFixed(1)} s`);
	await sheet.close();
}

/* The sheet as a page, from the browser's printer and from the server. */
async function paper(nurse, sheet, path) {
	await look("06-sheet", "nurse", path);
	const printed = await ask({ paper: "06-sheet-printed", pdf: (await sheet.pdf({ preferCSSPageSize: true })).toString("base64") });
	claim(printed.pages <= 2, "the browser prints one or two pages", printed.pages);
	// the link as it is clicked: the viewer of Chromium is a page of its own, which our policy must not break
	await nurse.goto(base + "/visit/1001");
	const answer = nurse.context().waitForEvent("response", { predicate: (r) => r.url().endsWith("/pdf"), timeout: 20000 });
	let seen = "nothing";
	const saved = nurse.waitForEvent("download", { timeout: 20000 }).then(async (d) => { seen = "saved"; return d; }, () => null);
	const viewer = nurse.waitForEvent("popup", { timeout: 4000 }).catch(() => null);
	const blocked = [];
	nurse.context().on("console", (m) => { if (/Content.Security.Policy|Refused to|blocked/i.test(m.text())) blocked.push(m.text()); });
	await panelOf(nurse).getByRole("link", { name: "PDF" }).click();
	const r = await answer;
	const tab = await viewer;
	claim(r.status() === 200 && (await r.allHeaders())["content-type"] === "application/pdf", "the panel's link answers a PDF", r.status());
	await wait(500);
	if (seen !== "saved" && tab)
		seen = "shown";
	claim(seen !== "nothing" && blocked.length === 0, "the browser saves the PDF or shows it, and blocks nothing", seen + " " + blocked.join(" "));
	say(`the PDF was ${seen}; tab: ${tab ? tab.url() : "none"}; ${JSON.stringify(await r.allHeaders())}`);
	const bytes = await nurse.context().request.get(r.url());
	const server = await ask({ paper: "06-sheet-server", pdf: (await bytes.body()).toString("base64") });
	claim(server.pages <= 2 && server.text.includes("No sauna"), "the server's PDF has one or two pages and the lines", server.pages);
	void saved;
}

async function treated() {
	const clinician = await as("clinician"), nurse = await as("nurse");

	await clinician.goto(base + "/visit/1001");
	await look("01-chart", "clinician", "/visit/1001");
	await clinician.getByRole("button", { name: "Sign this visit" }).click();
	await clinician.getByText(/ · signed /).waitFor();
	await panelOf(clinician).getByText("final since", { exact: false }).first().waitFor();
	await look("03-signed", "nurse", "/visit/1001");

	await nurse.goto(base + "/visit/1001");
	const panel = panelOf(nurse);
	await panel.getByRole("heading", { name: "2 open" }).waitFor();
	await panel.getByRole("radio", { name: "Skin rejuvenation" }).check();
	await panel.getByRole("group", { name: /blood thinner/ }).getByRole("radio", { name: "No" }).check();
	await panel.getByRole("button", { name: "Save only" }).click();
	await panel.getByRole("heading", { name: "Nothing is open" }).waitFor();
	claim(!(await texts(panel.getByRole("main"))).includes("assumed"), "answered: nothing is assumed any more");
	await look("04-answered", "nurse", "/aftercare/panel/demo/1001");

	const [over] = await Promise.all([clinician.waitForEvent("popup", { timeout: 3000 }).catch(() => clinician), panelOf(clinician).getByRole("link", { name: "Plan", exact: true }).click()]);
	await over.waitForLoadState("load");
	const href = over === clinician ? await (await clinician.locator("iframe").elementHandle()).contentFrame().then((f) => f ? f.url() : clinician.url(), () => clinician.url()) : over.url();
	const plan = href.match(/plans\/([0-9a-f-]+)/)[1];
	await clinician.goto(`${base}/aftercare/plans/${plan}`);
	await clinician.getByRole("row", { name: /Do not use a sauna/ }).getByRole("link", { name: "change for this visit" }).click();
	await clinician.getByRole("heading", { name: "Decide for this visit" }).waitFor();
	await look("05-override-form", "clinician", new URL(clinician.url()).pathname + new URL(clinician.url()).search);
	await clinician.getByRole("textbox", { name: /^Until/ }).fill("5 d");
	await clinician.getByRole("textbox", { name: /^Why/ }).first().fill("slow healing last time");
	await clinician.getByRole("button", { name: "Save this time" }).click();
	await clinician.getByRole("heading", { name: /Plan for Ada/ }).waitFor();
	claim(/slow healing last time/.test(await texts(clinician.getByRole("main"))), "the plan says what was decided and why");
	await look("05-override", "clinician", `/aftercare/plans/${plan}`);

	await nurse.goto(base + "/visit/1001");
	const sheet = await opened(nurse, () => panel.getByRole("button", { name: "Confirm and print" }).click());
	const words = await texts(sheet.locator("body"));
	claim(/sauna/i.test(words) && words.includes("Sun 7 Jun"), "the sheet has the longer time", words.slice(0, 800));
	claim(!words.includes("slow healing"), "and not the reason");
	await paper(nurse, sheet, new URL(sheet.url()).pathname);
	await sheet.close();
	return plan;
}

async function called(plan) {
	const nurse = await as("nurse"), clinician = await as("clinician");

	await clock("2026-06-04T11:00:00+02:00");
	await nurse.goto(base + "/aftercare/worklist");
	await look("07-worklist-day-2", "nurse", "/aftercare/worklist");
	await nurse.getByRole("listitem").filter({ hasText: "Ada Example" }).getByRole("link", { name: "Call and ask" }).first().click();
	await nurse.getByRole("heading", { name: /Check-in with Ada/ }).waitFor();
	await look("08-check-in", "nurse", new URL(nurse.url()).pathname);
	const before = await tasks(plan);
	await nurse.getByRole("group", { name: /^Fever/ }).getByRole("radio", { name: "No" }).check();
	await nurse.getByRole("group", { name: /^Trouble breathing/ }).getByRole("button", { name: "Yes" }).click();
	await nurse.getByRole("alert").waitFor();
	const aria = await nurse.getByRole("main").ariaSnapshot();
	claim(aria.indexOf("- alert") >= 0 && aria.indexOf("- alert") < aria.indexOf("- term") && aria.indexOf("- alert") < aria.indexOf("- group"),
	    "whom to phone stands before everything else", aria.slice(0, 900));
	const alarm = await texts(nurse.getByRole("alert"));
	claim(alarm.includes("On call now, phone: +49 30 5550112") && alarm.includes("112 Emergency services"), "who is on call, and the emergency number", alarm);
	const after = await tasks(plan);
	const fresh = Object.keys(after).filter((n) => !before[n]);
	claim(fresh.some((n) => after[n].urgent && after[n].status === "requested"), "the urgent task exists before the call is finished", fresh);
	claim(after["mesotherapy/call-day-2/1"].status === "requested", "and the call is still open", after["mesotherapy/call-day-2/1"].status);
	claim(await nurse.getByRole("row", { name: /Fever\? no/ }).isVisible(), "what was answered before is kept");
	await look("09-red-flag", "nurse", new URL(nurse.url()).pathname);
	await look("09-red-flag-panel", "nurse", "/visit/1001");
	await nurse.getByRole("button", { name: /^Reached/ }).click();
	await nurse.getByText(/urgent/i).first().waitFor();
	claim(!/\bnormal\b/i.test(await texts(nurse.getByRole("main"))), "nothing is called normal");
	await look("10-call-finished", "nurse", new URL(nurse.url()).pathname);

	const urgent = fresh.find((n) => after[n].urgent);
	await clinician.goto(base + "/aftercare/worklist?role=all");
	await look("11-worklist-urgent", "clinician", "/aftercare/worklist?role=all");
	const row = clinician.getByRole("listitem").filter({ hasText: "Ada Example" }).filter({ hasText: /urgent/i }).first();
	await row.getByRole("button", { name: "Take" }).click();
	await clinician.getByText("taken by clinician").first().waitFor();
	claim((await tasks(plan))[urgent].status === "accepted", "one click takes the urgent task", (await tasks(plan))[urgent].status);
}

async function corrected(plan) {
	const clinician = await as("clinician"), nurse = await as("nurse");

	await clock("2026-06-05T09:00:00+02:00");
	await clinician.goto(base + "/visit/1001");
	await clinician.getByRole("button", { name: "Correct the area" }).click();
	await clinician.getByText("area: neck").waitFor();
	claim(/Neck/.test(await texts(panelOf(clinician).getByRole("main"))), "the panel has the new area at once");
	claim(/holds version|patient holds/i.test(await texts(panelOf(clinician).getByRole("main"))), "and says which version the patient holds");
	await look("12-corrected", "nurse", "/visit/1001");
	const before = Object.entries(await tasks(plan)).filter(([n, t]) => n.includes("tell-the-patient") && t.status === "requested");
	claim(before.length === 1, "somebody must tell the patient", Object.keys(await tasks(plan)));
	await nurse.goto(base + "/visit/1001");
	await panelOf(nurse).getByRole("button", { name: "Record that the patient was told" }).click();
	await panelOf(nurse).getByRole("button", { name: "Record that the patient was told" }).waitFor({ state: "detached" });
	claim((await tasks(plan))[before[0][0]].status === "completed", "one click: the patient was told", (await tasks(plan))[before[0][0]].status);
	await look("13-told", "nurse", "/aftercare/panel/demo/1001");
}

const versions = async (panel) => Number((await panel.getByRole("link", { name: /^History: / }).innerText()).match(/\d+/)[0]);

async function followed_up() {
	const clinician = await as("clinician");

	await clock("2026-06-15T11:00:00+02:00");
	await clinician.goto(base + "/visit/1001");
	const before = await versions(panelOf(clinician));
	await clinician.goto(base + "/visit/1009");
	await clinician.getByRole("button", { name: "Begin this visit" }).click();
	const panel = panelOf(clinician);
	const list = panel.getByRole("group").filter({ has: panel.getByRole("textbox", { name: /^Healing/ }) }).first();
	await list.waitFor();
	await look("14-follow-up-visit", "clinician", "/visit/1009");
	await list.getByRole("textbox", { name: /^Progress/ }).fill("better");
	await list.getByRole("textbox", { name: /^Healing/ }).fill("calm skin");
	await list.getByRole("textbox", { name: /^Adjustments/ }).fill("fewer points next time");
	await list.getByRole("button", { name: "Save" }).click();
	await clinician.waitForLoadState("load");
	await wait(500);
	await clinician.goto(base + "/visit/1001");
	claim(await versions(panelOf(clinician)) === before + 1, "an adjustment makes the next version of the plan", `${before} -> ${await versions(panelOf(clinician))}`);
	await look("15-followed-up", "clinician", "/visit/1001");
}

async function next_session() {
	const nurse = await as("nurse");

	await clock("2026-06-16T11:00:00+02:00");
	await nurse.goto(base + "/visit/1010");
	await nurse.getByRole("button", { name: "Record the treatment as done" }).click();
	const panel = panelOf(nurse);
	const lot = panel.getByRole("textbox", { name: "Lot number" }), print = panel.getByRole("button", { name: "Confirm and print" });
	await print.waitFor();
	await look("16-next-session", "nurse", "/visit/1010");
	claim((await panel.getByText("proposed from the session of").count()) >= 3, "what the last session proposes says so");
	claim(await lot.inputValue() === "" && await panel.getByRole("textbox", { name: "Expires" }).inputValue() === "", "lot and expiry are never proposed");
	for (const x of [lot, print]) {
		const box = await x.boundingBox();
		claim(box.y > 0 && box.y + box.height <= 900, "what is clicked is in sight, without scrolling", JSON.stringify(box));
	}
	let measured, seconds;
	const sheet = await opened(nurse, async () => { measured = await pace([lot, "L-77", print]); });
	seconds = measured.seconds();
	claim(measured.clicks === 2 && measured.keys === 4, "two clicks from the chart's page to the sheet, typing only the lot", JSON.stringify(measured));
	claim((await texts(sheet.locator("body"))).includes("L-77"), "and the sheet names the lot");
	say(`next session from the chart: ${measured.clicks} clicks, ${measured.keys} keys, ${seconds.toFixed(1)} s`);
	await look("17-next-sheet", "nurse", new URL(sheet.url()).pathname);
}

try {
	await first();
	const plan = await treated();
	await called(plan);
	await corrected(plan);
	await followed_up();
	await next_session();
	await keyboard({ browser, base, credentials, claim, say }, "/aftercare/panel/demo/1006");
} catch (e) {
	claim(false, "the story goes on", e.stack);
	if (shots)
		for (const [user, page] of Object.entries(people))
			await page.screenshot({ path: `${shots}/stopped-${user}.png`, fullPage: true }).catch(() => 0);
}
await browser.close();
process.exit(0);
