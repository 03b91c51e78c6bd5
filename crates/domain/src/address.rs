//! Which addresses the server may connect to on behalf of a tenant or a sandbox.
