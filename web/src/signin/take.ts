/** Imported before everything else: the router must not see the token of a sign-in link. */
import { takeToken } from "./token.ts";

takeToken();
