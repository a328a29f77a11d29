package dev.cairn.rest;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;

/**
 * Where a request comes from, where no one has to say who he is: control, state, keys and settings are for programs and
 * people on this machine, and nothing is for pages of other sites in their browsers. What is here cannot tell a program from
 * a proxy that speaks HTTP/1.1, adds no header and asks for localhost.
 */
final class Caller {

    private static final Pattern OF_PROXIES = Pattern.compile("(?i)(x-)?forwarded(-.*)?|via|max-forwards|cdn-loop"
            + "|(x-)?real-ip|(x-|true-|fastly-|fly-|x-cluster-|x-azure-|wl-proxy-)?client-ip|x-client-.*|cf-.*|x-original-.*"
            + "|x-originating-.*|x-remote-.*|x-rewrite-url|x-host|x-envoy-.*|x-arr-.*|(wl-|x-)?proxy(user)?-.*");
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[^\\]]*]|[^:\\[\\]]*)(:\\d*)?");
    private static final String MISLED = "this request is not for localhost";

    private Caller() {}

    /** Why it is not someone on this machine who means it, a clause; empty if it is. */
    static Optional<String> foreign(HttpServerRequest request) {
        Optional<String> elsewhere = elsewhere(request);
        return elsewhere.isPresent() ? elsewhere : crossSite(request);
    }

    /** Why it does not come from this machine, a clause; empty if it does. */
    static Optional<String> elsewhere(HttpServerRequest request) {
        if (!isFromHere(request)) {
            return Optional.of("this request does not come from the worker's own machine");
        }
        if (request.headers().names().stream()
                .anyMatch(header -> OF_PROXIES.matcher(header).matches())) {
            return Optional.of("this request comes by way of a proxy");
        }
        if (request.version() == HttpVersion.HTTP_1_0) {
            return Optional.of("this request is one of HTTP/1.0, as proxies send them");
        }
        return isForHere(request) ? Optional.empty() : Optional.of(MISLED);
    }

    /** Whether it comes from this machine for a name that someone else may have pointed here, as a clause; empty if not. */
    static Optional<String> misled(HttpServerRequest request) {
        return isFromHere(request) && !isForHere(request) ? Optional.of(MISLED) : Optional.empty();
    }

    /** By the connection: what the request tells of it could be written by anyone. */
    private static boolean isFromHere(HttpServerRequest request) {
        SocketAddress peer = request.connection().remoteAddress();
        return peer != null && isLoopback(peer.hostAddress());
    }

    /** By all that names a host: Quarkus may have taken one out of a header that anyone writes. */
    private static boolean isForHere(HttpServerRequest request) {
        return isLoopback(hostOf(authority(request)))
                && request.headers().getAll("Host").stream().allMatch(host -> isLoopback(hostOf(host)))
                && isTargetForHere(request.uri());
    }

    /** A target may name a host before its path. */
    private static boolean isTargetForHere(String target) {
        try {
            String authority = target.startsWith("/") ? null : new URI(target).getRawAuthority();
            return authority == null || isLoopback(hostOf(authority));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String authority(HttpServerRequest request) {
        return request.authority() == null ? "" : request.authority().toString();
    }

    /** Whether a page of another site has sent it, as a clause; empty if not. */
    static Optional<String> crossSite(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        boolean foreign = origin != null && !origin.equals(request.scheme() + "://" + authority(request));
        String site = request.getHeader("Sec-Fetch-Site");
        if (foreign || "cross-site".equals(site) || "same-site".equals(site)) {
            return Optional.of("this request was sent by a page of another site");
        }
        return Optional.empty();
    }

    private static String hostOf(String authority) {
        Matcher matcher = AUTHORITY.matcher(authority);
        return matcher.matches() ? matcher.group(1) : "";
    }

    private static boolean isLoopback(String host) {
        if (host == null) {
            return false;
        }
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        String address = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        try {
            return bytes != null && InetAddress.getByAddress(bytes).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
