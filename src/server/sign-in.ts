import { hash, verify } from "@node-rs/argon2";
import { betterAuth } from "better-auth";
import { genericOAuth, twoFactor } from "better-auth/plugins";
import type { Db } from "../store/database.ts";
import { openInvitationsTo } from "../store/one-time-links.ts";

/** The company's OpenID Connect provider. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /**
   * take the provider's word for addresses that it does not call verified: for a company's own, whose people
   * cannot choose theirs
   */
  trustsAddresses: boolean;
}

export const OIDC_PROVIDER = "company";
/** Where the provider sends people back to. */
export const OIDC_CALLBACK = `/api/auth/callback/${OIDC_PROVIDER}`;

/** Argon2id with the parameters that OWASP names first (2024): 19 MiB, two passes. */
export const hashPassword = (password: string) =>
  hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
const verifyPassword = ({ hash: kept, password }: { hash: string; password: string }) =>
  verify(kept, password);

export const SHORTEST_PASSWORD = 12;

export interface SignInSettings {
  /** the address that people open, without a slash at its end */
  address: string;
  secret: string;
  oidc: OidcSettings | undefined;
}

/**
 * Accounts, sessions, second factor and the company's provider, by better-auth on our tables. Only what the
 * routes call is reachable: its own routes are not mounted, but for the provider's way back.
 */
export function signInOn(db: Db, { address, secret, oidc }: SignInSettings) {
  return betterAuth({
    appName: "Plumbline",
    baseURL: address,
    basePath: "/api/auth",
    secret,
    database: { db, type: "postgres" },
    telemetry: { enabled: false },
    logger: { disabled: true },
    // limits are kept in one place, in front of all routes
    rateLimit: { enabled: false },
    trustedOrigins: [address],
    emailAndPassword: {
      enabled: true,
      autoSignIn: false,
      minPasswordLength: SHORTEST_PASSWORD,
      maxPasswordLength: 256,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    user: {
      modelName: "person",
      fields: {
        emailVerified: "email_verified",
        createdAt: "created_at",
        updatedAt: "updated_at",
      },
    },
    databaseHooks: {
      user: {
        create: {
          // the provider knows the whole company; whoever was not invited gets no account here
          before: async (user) => {
            const trusted = user.emailVerified || oidc?.trustsAddresses === true;
            const invited = await openInvitationsTo(db, user.email, new Date());
            return trusted && invited.length > 0 ? undefined : false;
          },
        },
      },
    },
    session: {
      expiresIn: 12 * 3600,
      updateAge: 3600,
      fields: {
        userId: "person_id",
        expiresAt: "expires_at",
        ipAddress: "ip_address",
        userAgent: "user_agent",
        createdAt: "created_at",
        updatedAt: "updated_at",
      },
    },
    account: {
      encryptOAuthTokens: true,
      accountLinking: {
        enabled: true,
        trustedProviders: oidc?.trustsAddresses ? [OIDC_PROVIDER] : [],
        requireLocalEmailVerified: false,
      },
      fields: {
        userId: "person_id",
        accountId: "account_id",
        providerId: "provider_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
        createdAt: "created_at",
        updatedAt: "updated_at",
      },
    },
    verification: {
      fields: { expiresAt: "expires_at", createdAt: "created_at", updatedAt: "updated_at" },
    },
    advanced: {
      cookiePrefix: "plumbline",
      useSecureCookies: address.startsWith("https:"),
    },
    plugins: [
      twoFactor({
        issuer: "Plumbline",
        twoFactorTable: "two_factor",
        schema: {
          user: { fields: { twoFactorEnabled: "two_factor_enabled" } },
          twoFactor: {
            fields: {
              userId: "person_id",
              backupCodes: "backup_codes",
              failedVerificationCount: "failed_verification_count",
              lockedUntil: "locked_until",
            },
          },
        },
      }),
      ...(oidc
        ? [
            genericOAuth({
              config: [
                {
                  providerId: OIDC_PROVIDER,
                  discoveryUrl: `${oidc.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
                  clientId: oidc.clientId,
                  clientSecret: oidc.clientSecret,
                  scopes: ["openid", "profile", "email"],
                  pkce: true,
                },
              ],
            }),
          ]
        : []),
    ],
  });
}

export type SignIn = ReturnType<typeof signInOn>;
