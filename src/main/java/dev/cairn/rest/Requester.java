package dev.cairn.rest;

import jakarta.enterprise.context.RequestScoped;

import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.http.HttpServerRequest;

/** Who sent the request that is being answered. */
@RequestScoped
class Requester {

    private final HttpServerRequest request;
    private final SecurityIdentity identity;
    private final Access access;

    Requester(HttpServerRequest request, SecurityIdentity identity, Access access) {
        this.request = request;
        this.identity = identity;
        this.access = access;
    }

    /** What he may do besides reading. */
    Control control() {
        return access.controlOf(request, identity);
    }

    /** Whether he may see what records hold. */
    boolean seesContent() {
        return access.showsContent(request);
    }
}
