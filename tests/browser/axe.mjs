// axe.mjs - looks at pages as axe-core does (WCAG 2.2 A and AA, best practices), at desk and phone width.
// stdin: {"base": URL, "password": "...", "shots": DIR or null, "pages": [{"user", "path", "name"}]}
// stdout: one JSON line a page and width: {"name", "width", "status", "violations": [...], "shift", "moved", "overflow"}
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import axe from "axe-core";

const WIDTHS = [[1280, 900], [390, 844]];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const input = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

for (const user of new Set(input.pages.map((p) => p.user))) {
	for (const [width, height] of WIDTHS) {
		// the test's own script runs although the pages allow none
		const context = await browser.newContext({ viewport: { width, height }, bypassCSP: true, httpCredentials: { username: user, password: input.password } });
		await context.addInitScript(() => {
			window.layoutShift = 0;
			window.moved = [];
			const at = (r) => `${Math.round(r.x)},${Math.round(r.y)} ${Math.round(r.width)}x${Math.round(r.height)}`;
			new PerformanceObserver((list) => list.getEntries().forEach((e) => {
				window.layoutShift += e.value;
				for (const s of e.sources)
					window.moved.push(`${s.node?.outerHTML?.slice(0, 80) ?? s.node?.textContent?.slice(0, 40)}: ${at(s.previousRect)} -> ${at(s.currentRect)}`);
			})).observe({ type: "layout-shift", buffered: true });
		});
		for (const p of input.pages.filter((x) => x.user === user)) {
			const page = await context.newPage();
			// a page that a busy machine hands over in pieces is laid out in pieces; what jumps by itself jumps each time
			let answer;
			for (let tries = 3; tries > 0; tries--) {
				answer = await page.goto(input.base + p.path, { waitUntil: "load" });
				if (await page.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => r(window.layoutShift))))) < 0.001)
					break;
			}
			await page.evaluate(axe.source);
			const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), TAGS);
			const { shift, moved, overflow } = await page.evaluate(() => ({ shift: window.layoutShift, moved: window.moved, overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth }));
			if (input.shots)
				await page.screenshot({ path: `${input.shots}/${p.name}-${width}.png`, fullPage: true });
			console.log(JSON.stringify({ name: p.name, width, status: answer.status(), shift, moved, overflow, rules: found.passes.length,
				violations: found.violations.map((v) => ({ id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)), n: v.nodes.length })) }));
			await page.close();
		}
		await context.close();
	}
}
await browser.close();
