package dev.cairn.rest;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;

/**
 * Where a request comes from, where nobody has to say who he is: control is for programs and people on this machine, and
 * not for pages of other sites in their browsers.
 */
final class Caller {

    private static final Pattern OF_PROXIES = Pattern.compile("(?i)forwarded|x-forwarded-.*|x-real-ip|via");
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[^\\]]*]|[^:\\[\\]]*)(:\\d*)?");

    private Caller() {}

    /** Why it is not somebody on this machine, a clause; empty if it is. */
    static Optional<String> foreign(HttpServerRequest request) {
        // Of the connection: what the request tells of it could be written by anybody.
        SocketAddress peer = request.connection().remoteAddress();
        if (peer == null || !isLoopback(peer.hostAddress())) {
            return Optional.of("this request does not come from the worker's own machine");
        }
        if (request.headers().names().stream()
                .anyMatch(header -> OF_PROXIES.matcher(header).matches())) {
            return Optional.of("this request comes by way of a proxy");
        }
        String host = request.authority() == null ? "" : request.authority().toString();
        // A name that somebody else has pointed at this machine.
        if (!isLoopback(hostOf(host))) {
            return Optional.of("this request is not for localhost");
        }
        return crossSite(request);
    }

    /** Whether a page of another site has sent it, as a clause; empty if not. */
    static Optional<String> crossSite(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        String host = request.authority() == null ? "" : request.authority().toString();
        boolean foreign = origin != null && !origin.equals(request.scheme() + "://" + host);
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
