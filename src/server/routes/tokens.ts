import { z } from "@hono/zod-openapi";
import { act } from "../../store/acts.ts";
import { addToken, revokeToken, tokensOf } from "../../store/tokens.ts";
import { notThere } from "../problem.ts";
import { TOKEN_ROLES } from "../rights.ts";
import { at, id, inOrganisation, route, text } from "../route.ts";

const tag = "tokens";

export const tokenRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/tokens",
    access: { right: "manage tokens" },
    tag,
    summary: "Tokens of programs; their secrets are kept nowhere",
    params: inOrganisation({}),
    answers: {
      200: z.object({
        items: z.array(
          z.object({
            id,
            name: z.string(),
            role: z.string(),
            madeAt: at,
            expiresAt: at,
            revokedAt: at.nullable(),
            lastUsedAt: at.nullable(),
          }),
        ),
      }),
    },
    async handle({ services, member }) {
      const rows = await tokensOf(services.database.db, member.organisationId);
      return {
        items: rows.map(({ id: own, name, role, ...row }) => ({
          id: own,
          name,
          role,
          madeAt: row.made_at,
          expiresAt: row.expires_at,
          revokedAt: row.revoked_at,
          lastUsedAt: row.last_used_at,
        })),
      };
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/tokens",
    access: { right: "manage tokens" },
    tag,
    summary: "Make a token for a program; its secret is in this answer and nowhere else",
    params: inOrganisation({}),
    body: z.strictObject({
      name: text(120),
      role: z.enum(TOKEN_ROLES, { error: `expected one of ${TOKEN_ROLES.join(", ")}` }),
      days: z.int().min(1).max(366).default(90),
    }),
    answers: { 201: z.object({ id, secret: z.string(), expiresAt: at }) },
    async handle({ services, member, body }) {
      const { organisationId, who } = member;
      return act(services, member, "make a token", async (trx, now) => {
        const expiresAt = new Date(now.getTime() + body.days * 86_400_000);
        const made = await addToken(trx, {
          organisationId,
          name: body.name,
          role: body.role,
          madeBy: who.kind === "person" ? who.id : null,
          expiresAt,
        });
        return {
          about: made.id,
          details: { name: body.name, role: body.role, expiresAt: expiresAt.toISOString() },
          answer: { ...made, expiresAt },
        };
      });
    },
  }),
  route({
    method: "delete",
    path: "/organisations/{org}/tokens/{token}",
    access: { right: "manage tokens" },
    tag,
    summary: "Revoke a token: it stops working at once",
    params: inOrganisation({ token: id }),
    answers: { 204: null },
    async handle({ services, member, params }) {
      await act(services, member, "revoke a token", async (trx, now) => {
        if (!(await revokeToken(trx, member.organisationId, params.token, now))) throw notThere("token");
        return { about: params.token };
      });
    },
  }),
];
