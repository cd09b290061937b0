import { useState } from "react";
import { ask } from "../client.ts";
import { Field, Form } from "../parts/form.tsx";
import { useOrganisation } from "../session.tsx";
import { useDo } from "../use-ask.ts";

/** One's own account: password and second factor. */
export function Account() {
  const { session } = useOrganisation();
  return (
    <div className="stack">
      <div className="page-head">
        <h1>Your account</h1>
        <p className="lede">
          {session.name}, {session.email}
        </p>
      </div>
      <section className="card stack" aria-labelledby="password">
        <h2 id="password">Password</h2>
        <Form
          label="Change password"
          done="Changed. Every other session has ended."
          act={({ current, next }) => ask("PUT /session/password", { body: { current, next } })}
        >
          <Field
            label="Current password"
            name="current"
            type="password"
            autoComplete="current-password"
            required
          />
          <Field
            label="New password"
            name="next"
            type="password"
            autoComplete="new-password"
            minLength={12}
            required
            hint="At least 12 characters."
          />
        </Form>
      </section>
      <SecondFactor on={session.secondFactor} />
    </div>
  );
}

function SecondFactor({ on }: { on: boolean }) {
  const [begun, setBegun] = useState<{ uri: string; codes: string[] }>();
  const refresh = useDo(async () => {});
  return (
    <section className="card stack" aria-labelledby="second">
      <h2 id="second">Second factor</h2>
      {on ? (
        <>
          <p>On: sign-in asks for a code from your authenticator app.</p>
          <Form
            label="Turn it off"
            act={async ({ password }) => {
              await ask("DELETE /session/second-factors", { body: { password } });
              refresh.mutate(undefined);
            }}
          >
            <Field
              label="Your password"
              name="password"
              type="password"
              autoComplete="current-password"
              required
            />
          </Form>
        </>
      ) : begun ? (
        <>
          <p>Enter this in your authenticator app, then confirm with a code:</p>
          <p>
            <code className="pre">{begun.uri}</code>
          </p>
          <p>Keep these backup codes; each works once:</p>
          <pre className="pre">{begun.codes.join("\n")}</pre>
          <Form
            label="Confirm"
            act={async ({ code }) => {
              await ask("POST /session/second-factors/confirmation", { body: { code } });
              setBegun(undefined);
              refresh.mutate(undefined);
            }}
          >
            <Field label="Code from the app" name="code" autoComplete="one-time-code" required />
          </Form>
        </>
      ) : (
        <>
          <p className="quiet">Off. With it, a stolen password alone does not open your account.</p>
          <Form
            label="Set up"
            act={async ({ password }) => {
              const answer = await ask("POST /session/second-factors", { body: { password } });
              setBegun({ uri: answer.address, codes: answer.backupCodes });
            }}
          >
            <Field
              label="Your password"
              name="password"
              type="password"
              autoComplete="current-password"
              required
            />
          </Form>
        </>
      )}
    </section>
  );
}
