import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ask } from "../client.ts";
import { Field, Form } from "../parts/form.tsx";
import { Failed } from "../parts/loaded.tsx";
import { useAsk } from "../use-ask.ts";

const PASSWORD = {
  type: "password",
  minLength: 12,
  required: true,
  hint: "At least 12 characters.",
} as const;

/**
 * Sign in, or begin with a one-time link: as the first admin, as somebody invited, or with a new password.
 */
export function SignIn({ link }: { link: URLSearchParams }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const enter = async () => {
    const then = sessionStorage.getItem("plumbline.then");
    sessionStorage.removeItem("plumbline.then");
    history.replaceState(null, "", "/");
    await queries.invalidateQueries();
    if (then?.startsWith("/o/")) await navigate({ to: then });
    else location.assign("/");
  };
  const first = link.get("first-admin");
  const invitation = link.get("invitation");
  const newPassword = link.get("new-password");
  return (
    <main className="main stack" style={{ maxWidth: 520, margin: "6vh auto" }}>
      <p className="brand">
        <svg viewBox="0 0 16 20" aria-hidden="true">
          <path d="M8 0v11" stroke="currentColor" strokeWidth="1.6" />
          <path d="M4.5 11h7L8 20z" fill="currentColor" />
        </svg>
        Plumbline
      </p>
      {first ? (
        <FirstAdmin link={first} enter={enter} />
      ) : invitation ? (
        <Invitation link={invitation} enter={enter} />
      ) : newPassword ? (
        <NewPassword link={newPassword} />
      ) : (
        <Password enter={enter} />
      )}
    </main>
  );
}

function FirstAdmin({ link, enter }: { link: string; enter: () => Promise<void> }) {
  return (
    <>
      <h1>Set up Plumbline</h1>
      <p className="lede">
        You are the first user. Create your account and name your organisation. A sample organisation is
        included.
      </p>
      <Form
        label="Create account"
        act={async ({ name, email, password, organisation }) => {
          await ask("POST /links/first-admin", { body: { link, name, email, password, organisation } });
          await ask("POST /session", { body: { email, password } });
          await enter();
        }}
      >
        <Field label="Your name" name="name" autoComplete="name" required />
        <Field label="E-mail address" name="email" type="email" autoComplete="username" required />
        <Field label="Password" name="password" autoComplete="new-password" {...PASSWORD} />
        <Field label="Your organisation" name="organisation" autoComplete="organization" required />
      </Form>
    </>
  );
}

function Invitation({ link, enter }: { link: string; enter: () => Promise<void> }) {
  const look = useAsk("POST /links/look", { body: { link } });
  if (look.error) return <Failed error={look.error} />;
  if (!look.data) return null;
  if (look.data.signInFirst)
    return (
      <>
        <h1>Accept the invitation</h1>
        <p className="lede">{look.data.email} already has an account. Sign in to accept the invitation.</p>
        <Password
          email={look.data.email ?? ""}
          enter={async () => {
            await ask("POST /links/invitation", { body: { link } });
            await enter();
          }}
        />
      </>
    );
  const email = look.data.email ?? "";
  return (
    <>
      <h1>Accept the invitation</h1>
      <p className="lede">Create your account for {email}.</p>
      <Form
        label="Continue"
        act={async ({ name, password }) => {
          await ask("POST /links/invitation", { body: { link, name, password } });
          await ask("POST /session", { body: { email, password } });
          await enter();
        }}
      >
        <input type="hidden" name="email" autoComplete="username" value={email} readOnly />
        <Field label="Your name" name="name" autoComplete="name" required />
        <Field label="Password" name="password" autoComplete="new-password" {...PASSWORD} />
      </Form>
    </>
  );
}

function NewPassword({ link }: { link: string }) {
  const [done, setDone] = useState(false);
  if (done)
    return (
      <>
        <h1>Your new password is set</h1>
        <p>
          <a href="/">Sign in with it</a>
        </p>
      </>
    );
  return (
    <>
      <h1>Set a new password</h1>
      <Form
        label="Set password"
        act={async ({ password }) => {
          await ask("POST /links/new-password", { body: { link, password } });
          history.replaceState(null, "", "/");
          setDone(true);
        }}
      >
        <Field label="New password" name="password" autoComplete="new-password" {...PASSWORD} />
      </Form>
    </>
  );
}

function Password({ enter, email = "" }: { enter: () => Promise<void>; email?: string }) {
  const ways = useAsk("GET /sign-in", {});
  const [second, setSecond] = useState(false);
  if (second)
    return (
      <>
        <h1>One more step</h1>
        <Form
          label="Sign in"
          act={async ({ code }) => {
            await ask("POST /session/second-factor", { body: { code } });
            await enter();
          }}
        >
          <Field
            label="Code from your authenticator app, or a backup code"
            name="code"
            autoComplete="one-time-code"
            required
            autoFocus
          />
        </Form>
      </>
    );
  return (
    <>
      {email === "" && <h1>Sign in</h1>}
      <Form
        label="Sign in"
        act={async (values) => {
          const { secondFactorNeeded } = await ask("POST /session", {
            body: { email: values["email"], password: values["password"] },
          });
          if (secondFactorNeeded) setSecond(true);
          else await enter();
        }}
      >
        <Field
          label="E-mail address"
          name="email"
          type="email"
          autoComplete="username"
          required
          defaultValue={email}
        />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
      </Form>
      {ways.data?.company && (
        <p>
          <button
            type="button"
            onClick={async () => {
              const { url } = await ask("POST /session/company", { body: {} });
              location.assign(url);
            }}
          >
            Sign in with your company account
          </button>
        </p>
      )}
      <p className="quiet">
        No account, or forgotten your password? Ask an admin of your organisation for a link. The first
        admin's link is in the terminal where the server was started.
      </p>
    </>
  );
}
