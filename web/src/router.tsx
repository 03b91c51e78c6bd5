/** Which page is where. Pages that are not needed at first are fetched when they are gone to. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { waysKnown } from "./data/account.ts";
import { isStatus, queryClient } from "./data/client.ts";
import { onSignedOut } from "./data/coordinator.ts";
import { meQuery, Nowhere } from "./data/queries.ts";
import { Frame } from "./shell/frame.tsx";
import { isOutside } from "./shell/outside.ts";
import { NotFound, RouteError } from "./shell/pages.tsx";
import { Root } from "./shell/root.tsx";
import { sectionOf } from "./shell/sections.ts";
import { forgetEverything, onLeave, safeReturn, signedOut } from "./shell/sign-out.ts";

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, errorComponent: RouteError });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { return?: string; trouble?: string } => {
    const path = safeReturn(search.return ?? search.return_to);
    const trouble = typeof search.trouble === "string" ? { trouble: search.trouble } : {};
    return path === "/" ? trouble : { return: path, ...trouble };
  },
  loader: () => waysKnown(),
  component: lazyRouteComponent(() => import("./signin/index.tsx"), "SignInPage"),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  loader: () => waysKnown(),
  component: lazyRouteComponent(() => import("./signin/sign-up.tsx"), "SignUpPage"),
});

const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: "/verify-email",
  component: lazyRouteComponent(() => import("./signin/verify-email.tsx"), "VerifyEmailPage"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: lazyRouteComponent(() => import("./signin/reset.tsx"), "ResetPage"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  loader: () => waysKnown(),
  component: lazyRouteComponent(() => import("./signin/invitation.tsx"), "InvitationPage"),
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  component: lazyRouteComponent(() => import("./signin/nowhere.tsx"), "NowherePage"),
});

const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (error instanceof Nowhere) throw redirect({ to: "/welcome", replace: true });
      if (!isStatus(error, 401)) throw error;
      const path = safeReturn(location.href);
      throw redirect({ to: "/sign-in", search: path === "/" ? {} : { return: path }, replace: true });
    }
  },
  component: Frame,
});

const StartPage = lazyRouteComponent(() => import("./start/index.tsx"), "StartPage");

const start = createRoute({ getParentRoute: () => app, path: "/", component: StartPage });
const fresh = createRoute({ getParentRoute: () => app, path: "/new", component: StartPage });

const session = createRoute({
  getParentRoute: () => app,
  path: "/sessions/$id",
  component: lazyRouteComponent(() => import("./shell/session-page.tsx"), "SessionPage"),
});

const settingsStart = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  beforeLoad: () => {
    throw redirect({ to: "/settings/$section", params: { section: "providers" }, replace: true });
  },
});

const settings = createRoute({
  getParentRoute: () => app,
  path: "/settings/$section",
  validateSearch: (search: Record<string, unknown>): { trouble?: string } =>
    typeof search.trouble === "string" ? { trouble: search.trouble } : {},
  beforeLoad: ({ params }) => {
    if (sectionOf(params.section) !== params.section) {
      throw redirect({ to: "/settings/$section", params: { section: "providers" }, replace: true });
    }
  },
  component: lazyRouteComponent(() => import("./shell/settings-route.tsx"), "SettingsRoute"),
});

const nowhere = createRoute({ getParentRoute: () => app, path: "$", component: NotFound });

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    signUp,
    verifyEmail,
    reset,
    invitation,
    welcome,
    app.addChildren([start, fresh, session, settingsStart, settings, nowhere]),
  ]),
  defaultErrorComponent: RouteError,
  defaultNotFoundComponent: NotFound,
  defaultPreload: "intent",
  defaultPendingMs: 400,
  scrollRestoration: false,
});

onLeave((returnTo) => {
  const path = safeReturn(returnTo);
  void router
    .navigate({ to: "/sign-in", search: path === "/" ? {} : { return: path }, replace: true })
    .then(forgetEverything);
});

onSignedOut(() => {
  if (!isOutside(router.state.location.pathname)) signedOut();
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
