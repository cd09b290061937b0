import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentText } from "../../src/documents/document-text.ts";
import { hasBrowser, whyNoBrowser } from "../browser.ts";
import { audited, organisations, startSite, type Site } from "./site.ts";

describe(`what goes live, and what to fix first${whyNoBrowser}`, () => {
  let site: Site;
  let sample: string;
  let process_: string;
  let tool: string;
  beforeAll(async () => {
    if (!hasBrowser) return;
    site = await startSite();
    ({ sample } = await organisations(site));
    const processes = await audited(site, sample);
    process_ = processes.find(({ name }) => name === "Month-end close")!.id;
    const { items } = await site.ask<{ items: { id: string; name: string }[] }>(
      "GET",
      `/organisations/${sample}/implementations`,
    );
    tool = items.find(({ name }) => name === "Financial close platform")!.id;
  });
  afterAll(async () => {
    await site?.stop();
  });

  test.skipIf(!hasBrowser)(
    "a remedy that is ticked turns its verdict, stands in the address, and takes as long as somebody says",
    async () => {
      const { page, context, broken } = await site.window();
      await page.goto(`/o/${sample}/p/${process_}/fix-first`);
      await page.getByText(/of 7 steps ready now$/).waitFor();
      await page.getByRole("button", { name: "Tick the first" }).click();
      await page.getByText(/1 of 7 steps ready now; 3 after these remedies/).waitFor();
      await page
        .getByText(/^Approve journal:/)
        .first()
        .waitFor();
      expect(page.url()).toContain("done=");
      await page.reload();
      await page.getByText(/; 3 after these remedies/).waitFor();
      // by keyboard alone
      await page.getByRole("checkbox", { name: /Bring more evidence/ }).focus();
      await page.keyboard.press("Space");
      await page.getByText(/; 4 after these remedies/).waitFor();
      await page.keyboard.press("Space");
      await page.getByText(/; 3 after these remedies/).waitFor();
      await page.getByRole("button", { name: "Tick all", exact: true }).click();
      await page.getByText(/; 4 after these remedies/).waitFor();
      await page.getByRole("button", { name: "Untick all" }).click();
      await page.getByText("Nothing is ticked yet.").waitFor();
      // whoever knows says how long it takes, and the order follows
      await page
        .getByRole("button", { name: /^3 working days/ })
        .first()
        .click();
      await page.getByLabel(/^Working days/).fill("200");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("button", { name: /^200 working days; enter/ }).waitFor();
      expect(broken).toEqual([]);
      await context.close();
    },
    60_000,
  );

  test.skipIf(!hasBrowser)(
    "what kind of task a step is: its name suggests it, somebody confirms it in their own name, and the verdict follows",
    async () => {
      const { page, context, broken } = await site.window();
      await page.goto(`/o/${sample}/p/${process_}/readiness`);
      await page.getByRole("heading", { name: "4 of 7 steps need an answer from a person" }).waitFor();
      const card = page
        .getByRole("article")
        .filter({ has: page.getByRole("heading", { name: /^Report figures/ }) });
      await card.getByText(/perhaps track, judging by its name; to be confirmed/).waitFor();
      await card.getByText("not enough evidence").waitFor();
      await card.getByRole("button", { name: "Confirm the kind of task …" }).click();
      await page.getByText("(its name suggests this)").waitFor();
      // nothing is chosen for whoever answers
      expect(await page.getByRole("radio", { checked: true }).count()).toBe(0);
      await page.getByRole("radio", { name: /^Track:/ }).check();
      await page.getByRole("radio", { name: /^Until another step/ }).check();
      await page.getByLabel(/^Until which step/).fill("2d");
      await page.getByRole("radio", { name: "Yes", exact: true }).check();
      await page.getByRole("button", { name: "Confirm in my name" }).click();
      await card.getByText(/^Confirmed by Ana Ruiz,/).waitFor();
      await audited(site, sample);
      await page.reload();
      await card.getByText(/kind of task: track, confirmed by a person here/).waitFor();
      await card.getByText("ready", { exact: true }).waitFor();
      await page.getByRole("heading", { name: "3 of 7 steps need an answer from a person" }).waitFor();
      expect(broken).toEqual([]);
      // back to how the other tests of this site find it
      await card.getByRole("button", { name: "Change the confirmation …" }).click();
      await page.getByRole("button", { name: "Withdraw the confirmation" }).click();
      await card.getByText(/to be confirmed/).waitFor();
      await audited(site, sample);
      await context.close();
    },
    60_000,
  );

  test.skipIf(!hasBrowser)(
    "the inventory: from the overview to a decision, a meeting, a promise and a changed requirement",
    async () => {
      const { page, context, broken } = await site.window();
      await page.goto(`/o/${sample}`);
      await page.getByRole("link", { name: "Financial close platform" }).click();
      await page.getByRole("heading", { name: /^Not ready for .*: 3 of 18 steps/ }).waitFor();
      await page.getByRole("button", { name: "Record a meeting …" }).click();
      await page.getByLabel("Which meeting").fill("Steering committee");
      await page.getByRole("button", { name: "Record it" }).click();
      await page.getByText("Nothing has opened or closed.").waitFor();
      const tab = (name: string | RegExp) =>
        page.getByRole("navigation", { name: "Implementation" }).getByRole("link", { name }).click();
      // live with one gap: it is asked for in one's own name
      await tab(/^Gaps/);
      const row = page.getByRole("row", { name: /Intercompany check/ });
      await row.getByRole("button", { name: "Decide …" }).click();
      await page.getByLabel(/Leave this step out/).check();
      await page.getByLabel("What was decided, and why").fill("Out of scope until spring.");
      await page.getByRole("button", { name: "Record in my name" }).click();
      await page.getByRole("cell", { name: "Out of scope until spring." }).first().waitFor();
      await page.getByRole("heading", { name: "1 accepted gap" }).waitFor();
      // whom to go to: the sheet for each who decides
      await page.getByRole("heading", { name: "Escalations" }).waitFor();
      const sheet = await page.request.get(
        `/api/organisations/${sample}/implementations/${tool}/escalation.pdf`,
      );
      expect(sheet.headers()["content-type"]).toBe("application/pdf");
      // several gaps at once
      for (const name of [/Select: "Create order"/, /Select: "Route to team"/])
        await page.getByRole("checkbox", { name }).check();
      await page.getByRole("button", { name: "Decide about these 2 …" }).click();
      await page.getByLabel(/Leave these steps out/).check();
      await page.getByLabel("What was decided, and why").fill("Payments stay with people.");
      await page.getByRole("button", { name: "Record in my name" }).click();
      await page.getByRole("heading", { name: "3 accepted gaps" }).waitFor();
      await tab("Readiness");
      await page.getByText(/^3 gaps accepted:/).waitFor();
      await tab("Record");
      await page.getByRole("cell", { name: "Payments stay with people." }).first().waitFor();
      // a promise, before the fact
      await tab("Promises");
      await page.getByRole("button", { name: "Register a promise …" }).click();
      await page.getByLabel("What is counted or measured").fill("Days to close");
      await page.getByLabel("Measured here").selectOption("");
      await page.getByLabel("By how much (optional)").fill("2");
      await page.getByLabel("Assessed on").fill("2099-06-30");
      await page.getByLabel("Compared with").fill("the closes of the year before");
      await page.getByRole("button", { name: "Register it" }).click();
      await page.getByRole("cell", { name: /Days to close: 2\s+less/ }).waitFor();
      // a requirement that the process cannot meet becomes a gap with the audit that follows
      await tab("Requirements");
      await page.getByRole("link", { name: /^(Edit|Add) requirements/ }).click();
      await page.getByRole("button", { name: "Add a requirement" }).click();
      await page.getByLabel("Fields, separated by commas").last().fill("cost object");
      // its document, as it comes
      const docx = zipSync({
        "word/document.xml": strToU8(
          '<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>Every close must have a warehouse robot.</w:t></w:r></w:p></w:body></w:document>',
        ),
      });
      const file = page.getByLabel(/^Or read it from a file/);
      await file.setInputFiles({
        name: "old.doc",
        mimeType: "",
        buffer: Buffer.from([0xd0, 0xcf, 0x11, 0xe0]),
      });
      await page.getByText(/got a file of an old Word\. Save it as \.docx/).waitFor();
      expect(broken.splice(0)).toEqual([expect.stringContaining("422")]);
      await file.setInputFiles({ name: "needs.docx", mimeType: "", buffer: Buffer.from(docx) });
      await page.getByText("The text of the Word document is above.").waitFor();
      expect(
        await page.getByRole("region", { name: "Requirements document" }).getByRole("textbox").inputValue(),
      ).toBe("Every close must have a warehouse robot.");
      await page.getByRole("button", { name: "Save and check against the evidence" }).click();
      await page.getByRole("heading", { name: "Requirements and evidence" }).waitFor();
      await audited(site, sample);
      await page.reload();
      await page.getByText("cost object filled in at least 95 %.").first().waitFor();
      await page.getByText("Every close must have a warehouse robot.").first().waitFor();
      await tab("Readiness");
      await page.getByText(/gaps? opened:/).waitFor();
      // the accepted ones have stayed
      await tab(/^Gaps/);
      await page.getByRole("button", { name: /^Include closed and accepted gaps/ }).click();
      await page
        .getByRole("cell", { name: /^accepted / })
        .first()
        .waitFor();
      expect(await page.getByRole("cell", { name: /^accepted / }).count()).toBe(3);
      // living with all that is open makes nothing ready: page and paper say who accepted what, why and until
      // when
      const { gaps } = await site.ask<{ gaps: { id: string; state: string; title: string }[] }>(
        "GET",
        `/organisations/${sample}/implementations/${tool}`,
      );
      await site.ask("POST", `/organisations/${sample}/implementations/${tool}/gap-notes`, {
        text: "Nobody had the time.",
        gaps: gaps.filter(({ state }) => state === "open").map(({ id }) => id),
        gapBecomes: "accepted",
        until: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
      });
      await page.reload();
      const accepted = gaps.filter(({ state }) => state !== "closed").length;
      await page.getByRole("heading", { name: `Going live with ${accepted} accepted gaps.` }).waitFor();
      await tab("Readiness");
      await page.getByText(/^3 of 18 steps that it touches are ready; 15 are not/).waitFor();
      await tab(/^Gaps/);
      const table = page.getByRole("region", { name: `${accepted} accepted gaps` });
      expect(await table.getByRole("row", { name: /Ana Ruiz/ }).count()).toBe(accepted);
      const pdf = await page.request.get(
        `/api/organisations/${sample}/implementations/${tool}/inventory.pdf`,
      );
      const { text } = await documentText(await pdf.body(), "inventory.pdf");
      expect(text).toContain(`Going live with ${accepted} accepted gaps.`);
      expect(text).not.toContain("Ready for");
      expect(text.match(/Nobody had the time/g)!.length).toBeGreaterThan(5);
      expect(broken).toEqual([]);
      await context.close();
    },
    90_000,
  );

  test.skipIf(!hasBrowser)(
    "where the results are: another process beside it changes what was expected",
    async () => {
      const { page, context, broken } = await site.window();
      await page.goto(`/o/${sample}`);
      await page.getByRole("link", { name: "Invoice capture" }).click();
      await page.getByText(/what Invoice capture changed|Since Invoice capture/i).waitFor();
      const answer = page.waitForResponse((response) => response.url().includes("compare="));
      await page.getByLabel("Compared with").selectOption({ label: "Order to cash as a control" });
      expect((await answer).status()).toBe(200);
      await page.waitForLoadState("networkidle");
      expect(await page.getByRole("img", { name: /weeks, from/ }).count()).toBe(3);
      await page.getByLabel("Compared with").selectOption({ label: "the weeks before" });
      const tab = (name: string) =>
        page.getByRole("navigation", { name: "Implementation" }).getByRole("link", { name }).click();
      await tab("Promises");
      // a promise about what is measured is set beside what was seen, and one about anything else says that
      // it is not
      const promise = async (metric: string, more: () => Promise<unknown>) => {
        await page.getByRole("button", { name: "Register a promise …" }).click();
        await page.getByLabel("What is counted or measured").fill(metric);
        await more();
        await page.getByLabel("Assessed on").fill("2025-06-30");
        await page.getByLabel("Compared with", { exact: true }).last().fill("the weeks before");
        await page.getByRole("button", { name: "Register it" }).click();
        await page.getByRole("button", { name: "Register it" }).waitFor({ state: "detached" });
      };
      await promise("Less to type", async () => {
        await page.getByLabel("Measured here").selectOption("hours");
        await page.getByLabel("By how much (optional)").fill("90");
        await page.getByLabel("Unit").selectOption("%");
      });
      await promise("Happier people", () => page.getByLabel("Measured here").selectOption(""));
      await tab("Results");
      const kept = page.getByRole("row", { name: /Less to type \(work per execution\): 90 % less/ }).first();
      await kept.getByText(/than expected/).waitFor();
      expect(await kept.textContent()).toContain("not kept");
      await page.getByRole("row", { name: /Happier people.*Not measured here/ }).waitFor();
      // what was measured opens to the cases of that time
      await page.getByRole("link", { name: /work per execution: cases started since/ }).click();
      await page.getByRole("heading", { name: "Cases" }).waitFor();
      expect(broken).toEqual([]);
      await context.close();
    },
    60_000,
  );

  test.skipIf(!hasBrowser)(
    "what if: an assistant takes a step; the question stands in the address",
    async () => {
      const { page, context, broken } = await site.window();
      await page.goto(`/o/${sample}/p/${process_}/what-if`);
      await page.getByText(/^The simulation fits this process\./).waitFor();
      await page.getByRole("radio", { name: "An assistant takes a step" }).click();
      await page.getByLabel("Step").selectOption("Prepare reconciliation");
      await page.getByLabel("Share of executions, %").fill("90");
      await page.getByRole("button", { name: "Simulate" }).click();
      await page.getByRole("heading", { name: /^A case takes/ }).waitFor();
      const said = await page.getByRole("heading", { name: /^A case takes/ }).textContent();
      await page.reload();
      await page.getByRole("heading", { name: said! }).waitFor();
      expect(await page.getByLabel("Share of executions, %").inputValue()).toBe("90");
      // another question does not leave the answer of the last one standing
      await page.getByRole("radio", { name: "Volume rises" }).click();
      await page.getByLabel("More cases, %").waitFor();
      await page.getByRole("heading", { name: /^A case takes/ }).waitFor({ state: "detached" });
      // beside the simulation stands what the log shows of weeks like that, and each opens to its cases
      await page.getByLabel("More cases, %").fill("10");
      await page.getByRole("button", { name: "Simulate" }).click();
      const week = page
        .getByRole("region", { name: "Similar periods in the log" })
        .getByRole("link", { name: /cases started then/ })
        .first();
      const cases = Number.parseInt((await week.textContent())!.replaceAll(/\D/g, ""), 10);
      await week.click();
      await page
        .getByText(new RegExp(`\\b${cases} of [\\d,]+ cases`))
        .first()
        .waitFor();
      expect(broken).toEqual([]);
      await context.close();
    },
    60_000,
  );
});
