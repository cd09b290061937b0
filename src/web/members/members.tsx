import { useState } from "react";
import { ask } from "../client.ts";
import { CopyLink } from "../questions/questions.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { messageOf, Refusal } from "../parts/form.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Table, unseen } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk, useDo } from "../use-ask.ts";
import { date, dateTime } from "../words.ts";

const ROLES: [string, string][] = [
  ["viewer", "sees processes, answers questions"],
  ["analyst", "imports evidence, describes processes, reviews leaks"],
  ["process owner", "as analyst; also signs descriptions and sees names"],
  ["approver", "sees processes, answers, decides proposals"],
  ["assessor", "external, for a limited time: sees the trail, but no names and no case ids"],
  ["admin", "everything"],
];

/** Who belongs here, with which role, until when; and the tokens of programs. */
export function Members() {
  const { org, may, session } = useOrganisation();
  const path = { org };
  const people = useAsk("GET /organisations/{org}/members", { path });
  const invitations = useAsk(
    "GET /organisations/{org}/invitations",
    { path },
    { enabled: may("manage people") },
  );
  const [link, setLink] = useState<{ for: string; link: string }>();
  const [failed, setFailed] = useState<Error>();
  const act = useDo((what: () => Promise<unknown>) => what());
  const run = (what: () => Promise<unknown>) => {
    setFailed(undefined);
    act.mutate(what, { onError: setFailed });
  };
  return (
    <div className="stack">
      <div className="page-head">
        <h1>People and rights</h1>
      </div>
      <Refusal of={failed} />
      {may("manage people") && (
        <form
          className="card form-grid"
          onSubmit={(event) => {
            event.preventDefault();
            const form = event.currentTarget;
            const values = new FormData(form);
            const email = String(values.get("email"));
            const until = String(values.get("until") ?? "");
            run(async () => {
              const answer = await ask("POST /organisations/{org}/members", {
                path,
                body: {
                  email,
                  name: String(values.get("name")),
                  role: String(values.get("role")) as "viewer",
                  ...(until ? { until: new Date(`${until}T23:59:59`).toISOString() } : {}),
                },
              });
              setLink({ for: email, link: answer.link });
              form.reset();
            });
          }}
        >
          <label>
            Name of the person to invite
            <input name="name" required maxLength={120} />
          </label>
          <label>
            E-mail address
            <input name="email" type="email" required />
          </label>
          <label>
            Role
            <select name="role" defaultValue="viewer">
              {ROLES.map(([role, words]) => (
                <option key={role} value={role}>
                  {role}: {words}
                </option>
              ))}
            </select>
          </label>
          <label>
            Until (optional)
            <input name="until" type="date" />
          </label>
          <button type="submit" className="primary">
            Create an invitation link
          </button>
        </form>
      )}
      <Dialog
        title={`Link for ${link?.for ?? ""}`}
        open={link !== undefined}
        close={() => setLink(undefined)}
      >
        <p>Send it yourself: it works once and is shown only here.</p>
        {link && <CopyLink text={link.link} />}
      </Dialog>
      <Loaded of={people} what="the members">
        {({ items }) => (
          <Table head={["Name", "E-mail", "Role", "Until", unseen("Actions")]}>
            {items.map((one) => (
              <tr key={one.id}>
                <td>
                  {one.name} {one.id === session.id && <span className="badge">you</span>}
                </td>
                <td>{one.email}</td>
                <td>
                  {may("manage people") && one.id !== session.id ? (
                    <select
                      aria-label={`Role of ${one.name}`}
                      value={one.role}
                      style={{ width: "auto" }}
                      onChange={({ target }) =>
                        run(() =>
                          ask("PATCH /organisations/{org}/members/{person}", {
                            path: { org, person: one.id },
                            body: { role: target.value as "viewer" },
                            version: one.version,
                          }),
                        )
                      }
                    >
                      {ROLES.map(([role]) => (
                        <option key={role}>{role}</option>
                      ))}
                    </select>
                  ) : (
                    one.role
                  )}
                </td>
                <td>{one.until ? date(one.until) : "–"}</td>
                <td>
                  {may("manage people") && (
                    <div className="row">
                      <button
                        type="button"
                        className="quiet-button"
                        onClick={() =>
                          run(async () => {
                            const answer = await ask(
                              "POST /organisations/{org}/members/{person}/new-password-link",
                              { path: { org, person: one.id } },
                            );
                            setLink({ for: one.name, link: answer.link });
                          })
                        }
                      >
                        New password …
                      </button>
                      {one.id !== session.id && (
                        <Confirm
                          button="Remove"
                          title={`Remove ${one.name}?`}
                          act={() =>
                            act.mutateAsync(() =>
                              ask("DELETE /organisations/{org}/members/{person}", {
                                path: { org, person: one.id },
                              }),
                            )
                          }
                        >
                          <p>
                            They lose access to this organisation at once. Their entries stay in the audit
                            trail. To undo this, invite them again.
                          </p>
                        </Confirm>
                      )}
                    </div>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
      {(invitations.data?.items.length ?? 0) > 0 && (
        <section className="stack tight" aria-labelledby="open">
          <h2 id="open">Open invitations</h2>
          <div className="card flush table-wrap">
            <table>
              <tbody>
                {invitations.data!.items.map((one) => (
                  <tr key={one.email}>
                    <td>{one.email}</td>
                    <td>{one.role}</td>
                    <td>until {dateTime(one.expiresAt)}</td>
                    <td>
                      <button
                        type="button"
                        className="quiet-button"
                        onClick={() =>
                          run(() =>
                            ask("DELETE /organisations/{org}/invitations/{email}", {
                              path: { org, email: one.email },
                            }),
                          )
                        }
                      >
                        Withdraw
                      </button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
      {may("manage tokens") && <Tokens />}
      <section className="stack tight" aria-labelledby="roles">
        <h2 id="roles">What each role may do</h2>
        <dl className="pairs narrow card">
          {ROLES.map(([role, words]) => (
            <div key={role}>
              <dt>{role}</dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}

/** Program tokens; a secret is shown once. */
function Tokens() {
  const { org } = useOrganisation();
  const path = { org };
  const tokens = useAsk("GET /organisations/{org}/tokens", { path });
  const [made, setMade] = useState<{ name: string; secret: string }>();
  const add = useDo(
    (form: FormData) =>
      ask("POST /organisations/{org}/tokens", {
        path,
        body: { name: String(form.get("name")), role: String(form.get("role")) as "viewer" },
      }),
    (answer, form) => setMade({ name: String(form.get("name")), secret: answer.secret }),
  );
  const revoke = useDo((token: string) =>
    ask("DELETE /organisations/{org}/tokens/{token}", { path: { org, token } }),
  );
  return (
    <section className="stack tight" aria-labelledby="tokens">
      <h2 id="tokens">Program tokens</h2>
      <form
        className="card form-grid"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(new FormData(event.currentTarget));
        }}
      >
        <label>
          Name of the program
          <input name="name" required maxLength={120} />
        </label>
        <label>
          Role
          <select name="role" defaultValue="viewer">
            <option>viewer</option>
            <option>analyst</option>
            <option>agent</option>
          </select>
        </label>
        <button type="submit">Create a token</button>
      </form>
      {add.error && <p className="note bad pre">{messageOf(add.error)}</p>}
      <Dialog
        title={`Token of ${made?.name ?? ""}`}
        open={made !== undefined}
        close={() => setMade(undefined)}
      >
        <p>Copy it now: it is not stored and is shown only once.</p>
        {made && <CopyLink text={made.secret} />}
      </Dialog>
      <Loaded of={tokens} what="the tokens">
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">No program has a token.</p>
          ) : (
            <Table head={["Program", "Role", "Created", "Until", unseen("Actions")]}>
              {items.map((one) => (
                <tr key={one.id}>
                  <td>{one.name}</td>
                  <td>{one.role}</td>
                  <td>{dateTime(one.madeAt)}</td>
                  <td>
                    {one.revokedAt
                      ? `revoked ${dateTime(one.revokedAt)}`
                      : one.expiresAt
                        ? date(one.expiresAt)
                        : "–"}
                  </td>
                  <td>
                    {!one.revokedAt && (
                      <button type="button" className="quiet-button" onClick={() => revoke.mutate(one.id)}>
                        Revoke
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
    </section>
  );
}
