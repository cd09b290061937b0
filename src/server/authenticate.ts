import { membershipIn } from "../store/memberships.ts";
import { noteTokenUse, TOKEN_PREFIX, tokenBySecret } from "../store/tokens.ts";
import type { Member, Services, Who } from "./context.ts";
import { notThere, Problem } from "./problem.ts";
import { may, PEOPLE_ONLY, type Right, type Role } from "./rights.ts";

/**
 * Who sends a request: undefined for nobody. Throws a problem that says why a token or a session does not
 * count.
 */
export async function whoAsks(services: Services, request: Request): Promise<Who | undefined> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) return byToken(services, authorization);
  if (!request.headers.get("cookie")) return undefined;
  const found = await services.signIn.api.getSession({ headers: request.headers });
  if (!found) return undefined;
  refuseOtherSites(services, request);
  const { id, name, email } = found.user;
  const secondFactor = (found.user as { twoFactorEnabled?: boolean }).twoFactorEnabled === true;
  return { kind: "person", id, name, email, actor: `person:${id}`, secondFactor };
}

async function byToken({ database, now }: Services, authorization: string): Promise<Who> {
  const [, secret] = /^Bearer\s+(\S+)$/i.exec(authorization) ?? [];
  const refuse = (code: string, detail: string) =>
    new Problem(401, code, detail, { headers: { "www-authenticate": `Bearer error="invalid_token"` } });
  if (secret === undefined || !secret.startsWith(TOKEN_PREFIX))
    throw refuse(
      "wrong-token",
      "Authorization: expected Bearer and a token of Plumbline. Ask an admin for one.",
    );
  const token = await tokenBySecret(database.db, secret);
  if (!token) throw refuse("unknown-token", "This token is not known here. Ask an admin for a new one.");
  if (token.revoked_at)
    throw refuse(
      "revoked-token",
      `The token "${token.name}" was revoked on ${day(token.revoked_at)}. Ask an admin for a new one.`,
    );
  const time = now();
  if (token.expires_at <= time)
    throw refuse(
      "expired-token",
      `The token "${token.name}" expired on ${day(token.expires_at)}. Ask an admin for a new one.`,
    );
  await noteTokenUse(database.db, token, time);
  return {
    kind: "token",
    id: token.id,
    name: token.name,
    actor: `token:${token.id}`,
    organisationId: token.organisation_id,
    role: token.role as Role,
  };
}

const day = (date: Date) => date.toISOString().slice(0, 10);

/**
 * A cookie comes along with whatever page sends the request: what changes something must come from our own
 * pages.
 */
function refuseOtherSites({ address }: Services, request: Request): void {
  if (["GET", "HEAD", "OPTIONS"].includes(request.method)) return;
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  if (origin === new URL(address).origin) return;
  if (origin === null && (site === "same-origin" || site === "none")) return;
  throw new Problem(
    403,
    "other-site",
    `This request comes with a session, but not from ${address}. Open Plumbline there; programs use a token.`,
  );
}

/**
 * The membership of who asks in an organisation, when its role has the right. To outsiders an organisation
 * looks as if it were not there.
 */
export async function memberWith(
  { database, now }: Services,
  who: Who,
  organisationId: string,
  right: Right,
): Promise<Member> {
  const role =
    who.kind === "token"
      ? who.organisationId === organisationId
        ? who.role
        : undefined
      : ((await membershipIn(database.db, organisationId, who.id, now()))?.role as Role | undefined);
  if (role === undefined) throw notThere("organisation");
  if (!may(role, right))
    throw new Problem(
      403,
      "no-right",
      `A ${role} may not do this (the right "${right}"). Ask an admin of the organisation.`,
    );
  if (who.kind === "token" && PEOPLE_ONLY.has(right))
    throw new Problem(
      403,
      "people-only",
      `This is for people to do, not for programs (the right "${right}"). Sign in to do it.`,
    );
  return { who, organisationId, role };
}
