import { once } from "node:events";
import type { AddressInfo } from "node:net";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mailSettings, enqueueBriefs } from "../../src/jobs/weekly-brief.ts";
import { KINDS, missing } from "../databases.ts";
import { allEnded, harnessOn, type Client, type Harness } from "../server/harness.ts";

describe.each(KINDS)("the weekly brief by e-mail, on %s", (kind) => {
  const reason = missing(kind);
  const it = test.skipIf(reason !== undefined);
  const received: { from: string; to: string[]; raw: string }[] = [];
  let mail: SMTPServer;
  let harness: Harness;
  let admin: Client;
  let own: string;

  beforeAll(async () => {
    if (reason) return;
    mail = new SMTPServer({
      authMethods: ["PLAIN"],
      allowInsecureAuth: true,
      disabledCommands: ["STARTTLS"],
      onAuth: ({ username, password }, _, done) =>
        username === "plumbline" && password === "s3cret/ä"
          ? done(null, { user: username })
          : done(new Error("wrong password")),
      onRcptTo: ({ address }, _, done) =>
        address.endsWith("@refused.example") ? done(new Error("no such mailbox")) : done(),
      onData(stream, session, done) {
        const parts: Buffer[] = [];
        stream.on("data", (part: Buffer) => parts.push(part));
        stream.on("end", () => {
          received.push({
            from: (session.envelope.mailFrom as { address: string }).address,
            to: session.envelope.rcptTo.map(({ address }) => address),
            raw: Buffer.concat(parts).toString(),
          });
          done();
        });
      },
    });
    mail.listen(0, "127.0.0.1");
    await once(mail.server, "listening");
    const { port } = mail.server.address() as AddressInfo;
    // threads that compute take the environment over when they begin
    process.env["SMTP_URL"] = `smtp://plumbline:${encodeURIComponent("s3cret/ä")}@127.0.0.1:${port}`;
    process.env["MAIL_FROM"] = "Plumbline <plumbline@example.org>";
    harness = await harnessOn(kind, { runs: true });
    own = await harness.addOrganisation("Own");
    await harness.addPerson("admin@own.org", { [own]: "admin" });
    admin = await harness.person("admin@own.org");
  });
  afterAll(async () => {
    delete process.env["SMTP_URL"];
    delete process.env["MAIL_FROM"];
    await harness?.stop();
    await new Promise<void>((done) => (mail ? mail.close(done) : done()));
  });

  it("goes to each who is named, once, and only when something changed", async () => {
    const read = await admin.ask("GET", `/organisations/${own}`);
    const now = new Date();
    const [weekday, hour] = [((now.getUTCDay() + 6) % 7) + 1, now.getUTCHours()];
    const tag = { "if-match": read.headers.get("etag")! };
    const to = ["coo@example.org", "nobody@refused.example", "controller@example.org"];
    const brief = { to, weekday, hour };
    const wrong = { settings: { brief: { ...brief, to: ["nobody"] } } };
    expect((await admin.ask("PATCH", `/organisations/${own}`, wrong, tag)).status).toBe(400);
    await admin.send("PATCH", `/organisations/${own}`, { settings: { brief } }, tag);
    const { db } = harness.services.database;
    // an hour in which nothing happened
    await enqueueBriefs(db, harness.services.queue, now);
    await allEnded(admin, own);
    expect(received).toEqual([]);
    // a decision about something that goes live is news for the brief a week later
    const { id } = await admin.send<{ id: string }>("POST", `/organisations/${own}/implementations`, {
      name: "Close <platform>",
      state: "planned",
      startsOn: "2099-01-24",
    });
    await admin.send("POST", `/organisations/${own}/implementations/${id}/gap-notes`, {
      text: "We begin with <matching> & nothing else.",
    });
    const later = new Date(now.getTime() + 7 * 86_400_000);
    for (let i = 0; i < 2; i++) await enqueueBriefs(db, harness.services.queue, later);
    await allEnded(admin, own);
    expect(received.map(({ from, to }) => [from, to])).toEqual([
      ["plumbline@example.org", ["coo@example.org"]],
      ["plumbline@example.org", ["controller@example.org"]],
    ]);
    const parsed = await PostalMime.parse(received[0].raw);
    expect(parsed.subject).toMatch(/^Own: 1 change from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d$/);
    expect(parsed.text).toContain("Close <platform>, 2099-01-24\n- 1 gap note added.");
    expect(parsed.html).toContain("Close &lt;platform&gt;");
    // what a decision says may name people, and stays in the program
    expect(received[0].raw).not.toContain("matching");
    expect(parsed.headers.find(({ key }) => key === "auto-submitted")?.value).toBe("auto-generated");
    const { items } = await admin.get<{ items: { act: string; details: object }[] }>(
      `/organisations/${own}/trail?limit=500`,
    );
    expect(items.filter(({ act }) => act === "sent the weekly brief")).toMatchObject([
      { details: { recipients: 2, refused: 1 } },
    ]);
    // a server that was away for a day does not send what is old
    const rows = () => db.selectFrom("work").select("id").where("kind", "=", "weekly brief").execute();
    const before = (await rows()).length;
    await enqueueBriefs(db, harness.services.queue, new Date(later.getTime() + 2 * 86_400_000));
    expect((await rows()).length).toBe(before);
  });

  it("without a mail server it says what is missing, and no secret", () => {
    expect(() => mailSettings({})).toThrow(/SMTP_URL, MAIL_FROM: expected both/);
    expect(() => mailSettings({ SMTP_URL: "http://u:hidden@x", MAIL_FROM: "a@b" })).toThrow(
      /^(?!.*hidden).*expected smtp/,
    );
  });
});
