// keyboard.mjs - the panel's main path by keys alone, at phone width: every stop can be seen, in the order of the page, and none holds the keys.
export async function keyboard({ browser, base, credentials, claim, say }, path) {
	const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...credentials("nurse") });
	const page = await context.newPage();
	const stop = () => page.evaluate(() => {
		const e = document.activeElement, s = getComputedStyle(e);
		if (e === document.body)
			return null;
		return { n: [...document.querySelectorAll("*")].indexOf(e), name: (e.getAttribute("aria-label") || e.labels?.[0]?.innerText || e.innerText || e.name || "").trim(),
			group: e.closest("fieldset")?.querySelector("legend")?.innerText ?? "", seen: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 };
	});
	await page.goto(base + path);
	const stops = [];
	for (let i = 0; i < 120; i++) {
		await page.keyboard.press("Tab");
		const s = await stop();
		if (s === null || s.n === stops[0]?.n)
			break;
		stops.push(s);
	}
	say(`${stops.length} stops of the Tab key`);
	claim(stops.length > 5 && stops.length < 120, "Tab goes through the panel and out of it", stops.length);
	claim(stops.every((s) => s.seen), "the focus is seen at every stop", JSON.stringify(stops.filter((s) => !s.seen)));
	claim(stops.every((s, i) => i === 0 || s.n > stops[i - 1].n), "and goes in the order of the page", JSON.stringify(stops.map((s) => s.name)));

	await page.goto(base + path);
	const to = async (wanted) => {
		for (let i = 0; i < 120; i++) {
			await page.keyboard.press("Tab");
			const s = await stop();
			if (s && wanted(s))
				return true;
		}
		return false;
	};
	claim(await to((s) => s.group.startsWith("Treated for")), "Tab reaches what the patient was treated for");
	await page.keyboard.press("Space");
	claim(await to((s) => s.group.includes("blood thinner")), "and the next question");
	await page.keyboard.press("Space");
	claim(await to((s) => s.name === "Confirm and print"), "and the button");
	const opened = page.waitForEvent("popup", { timeout: 20000 });
	await page.keyboard.press("Enter");
	const sheet = await opened;
	await sheet.waitForLoadState("load");
	claim(sheet.url().includes("/sheets/1"), "Enter gives the sheet, without a mouse", sheet.url());

	// the panel behind the sheet is older than what was given out: sent again, it comes back and says so where the keys are
	const again = page.waitForEvent("popup", { timeout: 20000 });
	await page.bringToFront();
	await page.keyboard.press("Enter");
	const back = await again;
	await back.waitForLoadState("load");
	const focused = await back.evaluate(() => [document.activeElement.getAttribute("role"), document.activeElement.innerText]);
	claim(focused[0] === "alert" && focused[1].includes("Nothing was changed"), "what went wrong has the focus", JSON.stringify(focused));
	await context.close();
}
