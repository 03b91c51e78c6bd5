/** Where the page begins. */
import "./signin/take.ts";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./data/client.ts";
import { router } from "./router.tsx";
import { reloadOnce } from "./shell/stale.ts";
import { followTheme } from "./shell/theme.ts";
import "./style/base.css";

followTheme();
reloadOnce();
// The page that most links lead to is fetched while the server is asked who is there.
if (location.pathname.startsWith("/sessions/")) void import("./shell/session-page.tsx");

const place = document.getElementById("root");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
