// The first page: sign in, see what each process is about to hand on, open its report, import an export.

const main = document.querySelector("#main");
const who = document.querySelector("#who");

/** An element with attributes and children; texts are texts, never markup. */
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

const show = (...children) => main.replaceChildren(...children);

/** Asks the API; throws the problem that it answers with. */
async function ask(method, path, body, headers = {}) {
  const sent =
    body === undefined
      ? { method, headers }
      : { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
  const response = await fetch(`/api${path}`, sent);
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok)
    throw Object.assign(new Error(answer.detail ?? `The server answered ${response.status}.`), answer);
  return answer;
}

/** A form that says what went wrong beside its button. */
function form(fields, label, act) {
  const problem = el("p", { class: "problem", role: "alert" });
  const button = el("button", {}, label);
  const inputs = fields.map(([name, words, type = "text", complete = "off"]) =>
    el("label", {}, words, el("input", { name, type, autocomplete: complete, required: "" })),
  );
  return el(
    "form",
    {
      async onsubmit(event) {
        event.preventDefault();
        button.disabled = true;
        problem.textContent = "";
        try {
          await act(Object.fromEntries(new FormData(event.target)));
        } catch (error) {
          problem.textContent = error.message;
        } finally {
          button.disabled = false;
        }
      },
    },
    ...inputs,
    button,
    problem,
  );
}

const linkOf = (purpose) => new URLSearchParams(location.hash.slice(1)).get(purpose);

function firstAdmin(link) {
  show(
    el("h1", {}, "Set up Plumbline"),
    el(
      "p",
      {},
      "You are the first here: make your account and name your organisation. A sample organisation may be there to explore.",
    ),
    form(
      [
        ["name", "Your name", "text", "name"],
        ["email", "E-mail address", "email", "username"],
        ["password", "Password (at least 12 characters)", "password", "new-password"],
        ["organisation", "Your organisation"],
      ],
      "Begin",
      async (input) => {
        await ask("POST", "/links/first-admin", { link, ...input });
        await ask("POST", "/session", { email: input.email, password: input.password });
        location.hash = "";
        await home();
      },
    ),
  );
}

function withLink(path, link, title, fields) {
  show(
    el("h1", {}, title),
    form(fields, "Go on", async (input) => {
      await ask("POST", path, { link, ...input });
      location.hash = "";
      await start();
    }),
  );
}

async function signIn() {
  const { company } = await ask("GET", "/sign-in");
  show(
    el("h1", {}, "Sign in"),
    form(
      [
        ["email", "E-mail address", "email", "username"],
        ["password", "Password", "password", "current-password"],
      ],
      "Sign in",
      async (input) => {
        const { secondFactorNeeded } = await ask("POST", "/session", input);
        if (secondFactorNeeded) secondFactor();
        else await start();
      },
    ),
    ...(company
      ? [
          el(
            "button",
            {
              async onclick() {
                const { url } = await ask("POST", "/session/company", {});
                location.href = url;
              },
            },
            "Sign in with the company's account",
          ),
        ]
      : []),
  );
}

function secondFactor() {
  show(
    el("h1", {}, "Second factor"),
    form(
      [["code", "Code of your authenticator app, or a backup code", "text", "one-time-code"]],
      "Go on",
      async (input) => {
        await ask("POST", "/session/second-factor", input);
        await start();
      },
    ),
  );
}

/** Redraws while work goes on, unless somebody is filling a form. */
function redrawLater() {
  setTimeout(() => {
    const form = main.querySelector("form");
    const busy =
      form && (form.contains(document.activeElement) || [...form.elements].some((one) => one.value !== ""));
    if (busy) redrawLater();
    else void home();
  }, 2000);
}

async function home() {
  const session = await ask("GET", "/session");
  who.replaceChildren(
    `${session.name} `,
    el(
      "button",
      {
        async onclick() {
          await ask("DELETE", "/session");
          who.replaceChildren();
          await start();
        },
      },
      "Sign out",
    ),
  );
  const parts = [];
  for (const organisation of session.organisations) {
    const { items } = await ask("GET", `/organisations/${organisation.id}/processes?limit=100`);
    const { items: work } = await ask("GET", `/organisations/${organisation.id}/work?limit=50`);
    parts.push(
      el("h1", {}, organisation.name),
      el("p", { class: "faint" }, `You are ${organisation.role} here.`),
    );
    if (items.length === 0)
      parts.push(el("p", {}, "No process yet. Name one and drop the export of the system in which it runs."));
    for (const process of items) parts.push(processCard(organisation, process, work));
    if (["analyst", "process owner", "admin"].includes(organisation.role))
      parts.push(importForm(organisation));
  }
  if (session.organisations.length === 0)
    parts.push(el("p", {}, "You belong to no organisation yet. Ask an admin for an invitation."));
  show(...parts);
  if (parts.some((part) => part.querySelector?.("[data-open]"))) redrawLater();
}

function processCard(organisation, process, work) {
  const path = `/api/organisations/${organisation.id}/processes/${process.id}`;
  const own = work.filter(({ processId }) => processId === process.id);
  const open = own.find(({ state }) => state === "running" || state === "waiting");
  const failed = own[0]?.error && ["failed", "set aside"].includes(own[0].state) ? own[0] : undefined;
  const sentences = process.audit?.headline.sentences ?? [];
  return el(
    "article",
    {},
    el("h2", {}, process.name),
    ...sentences.map((sentence) => el("p", {}, sentence)),
    ...(process.audit
      ? [
          el(
            "p",
            {},
            el("a", { href: `${path}/audits/${process.audit.id}/report.html` }, "Open the report"),
            " · ",
            el("a", { href: `${path}/audits/${process.audit.id}/report.pdf` }, "PDF"),
          ),
        ]
      : []),
    ...(open
      ? [
          el(
            "label",
            { "data-open": "" },
            open.state === "waiting" ? "Waits for its turn" : `${open.kind}: ${open.doing || "begun"}`,
            el("progress", { max: "1", value: String(open.progress) }),
          ),
        ]
      : []),
    ...(failed ? [el("p", { class: "problem" }, failed.error.message)] : []),
    ...(!process.audit && !open && !failed ? [el("p", { class: "faint" }, "No evidence yet.")] : []),
  );
}

const PART = 16 * 1024 * 1024;

/** Sends a file in parts; one that fails is asked for again, from where it broke. */
async function upload(organisation, file, onProgress) {
  const base = `/api/organisations/${organisation.id}/uploads`;
  const bytes = new TextEncoder().encode(file.name);
  const begun = await fetch(base, {
    method: "POST",
    headers: {
      "tus-resumable": "1.0.0",
      "upload-length": String(file.size),
      "upload-metadata": `filename ${btoa(String.fromCodePoint(...bytes))}`,
    },
  });
  if (!begun.ok) throw new Error((await begun.json()).detail);
  const id = begun.headers.get("location").split("/").at(-1);
  let at = 0;
  for (let failures = 0; at < file.size;) {
    try {
      const sent = await fetch(`${base}/${id}`, {
        method: "PATCH",
        headers: {
          "tus-resumable": "1.0.0",
          "upload-offset": String(at),
          "content-type": "application/offset+octet-stream",
        },
        body: file.slice(at, at + PART),
      });
      if (!sent.ok)
        throw Object.assign(new Error((await sent.json()).detail), {
          refused: sent.status !== 409 && sent.status < 500,
        });
      at = Number(sent.headers.get("upload-offset"));
      failures = 0;
    } catch (error) {
      if (error.refused || ++failures > 8) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000 * failures));
      const stands = await fetch(`${base}/${id}`).catch(() => undefined);
      if (stands?.ok) at = Number(stands.headers.get("upload-offset"));
    }
    onProgress(at / file.size);
  }
  return id;
}

function importForm(organisation) {
  const bar = el("progress", { max: "1", value: "0", hidden: "" });
  const made = form(
    [
      ["name", "Add a process: its name"],
      ["file", "Export of its events (CSV, XLSX, Parquet, JSON, XES, OCEL, mbox)", "file"],
    ],
    "Import",
    async ({ name, file }) => {
      bar.hidden = false;
      const uploadId = await upload(organisation, file, (share) => (bar.value = share));
      const base = `/organisations/${organisation.id}/processes`;
      const { items } = await ask("GET", `${base}?limit=500`);
      const there = items.find((process) => process.name === name.trim());
      const { id } = there ?? (await ask("POST", base, { name }));
      await ask("POST", `${base}/${id}/imports`, { uploadId });
      await home();
    },
  );
  made.append(bar);
  return made;
}

async function start() {
  const first = linkOf("first-admin");
  const invitation = linkOf("invitation");
  const newPassword = linkOf("new-password");
  const account = [
    ["name", "Your name", "text", "name"],
    ["password", "Password (at least 12 characters)", "password", "new-password"],
  ];
  if (first) return firstAdmin(first);
  if (newPassword)
    return withLink("/links/new-password", newPassword, "Set a new password", account.slice(1));
  if (invitation) {
    const { signInFirst } = await ask("POST", "/links/look", { link: invitation });
    if (!signInFirst) return withLink("/links/invitation", invitation, "Accept the invitation", account);
    const session = await ask("GET", "/session").catch(() => undefined);
    if (!session) return signIn();
    return withLink("/links/invitation", invitation, "Accept the invitation", []);
  }
  try {
    await home();
  } catch (error) {
    if (error.status !== 401) throw error;
    await signIn();
  }
}

addEventListener("hashchange", () => location.hash && void begin());
async function begin() {
  try {
    await start();
  } catch (error) {
    show(el("p", { class: "problem", role: "alert" }, error.message));
  }
}
void begin();
