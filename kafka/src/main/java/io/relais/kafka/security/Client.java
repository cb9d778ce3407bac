// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import javax.net.ssl.SSLPeerUnverifiedException;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.relais.kafka.KafkaListener;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the client at the other end of a connection, beside its bytes: where it came in, and who it has shown to be.
 *
 * <p>Thread: the owner.
 */
public final class Client {
    private final KafkaListener listener;
    private final Channel channel;
    private SaslState sasl = new SaslState.None();
    private @Nullable String certificateSubject;
    private String softwareName = "";
    private String softwareVersion = "";

    Client(KafkaListener listener, Channel channel) {
        this.listener = listener;
        this.channel = channel;
    }

    /** Where it came in. */
    public KafkaListener listener() {
        return listener;
    }

    /** The address of ours that it connected to. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Its own address. */
    public InetAddress address() {
        return remoteAddress().getAddress();
    }

    /** Its own address and port. */
    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress) channel.remoteAddress();
    }

    /** Who it is: the user that it authenticated as, the subject of its certificate, or {@code User:ANONYMOUS}. */
    public KafkaPrincipal principal() {
        KafkaPrincipal authenticated = sasl.principal();
        if (authenticated != null) {
            return authenticated;
        }
        String subject = certificateSubject();
        return subject == null ? KafkaPrincipal.ANONYMOUS : new KafkaPrincipal(KafkaPrincipal.USER_TYPE, subject);
    }

    /** The distinguished name in its certificate; null where it has shown none. */
    @Nullable
    String certificateSubject() {
        if (certificateSubject == null) {
            certificateSubject = readCertificateSubject();
        }
        return certificateSubject;
    }

    private @Nullable String readCertificateSubject() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null || !(tls.engine().getNeedClientAuth() || tls.engine().getWantClientAuth())) {
            return null;
        }
        try {
            return tls.engine().getSession().getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException _) {
            return null;
        }
    }

    /** How Kafka would call the way it came: with or without TLS and SASL. */
    SecurityProtocol securityProtocol() {
        boolean tls = channel.pipeline().get(SslHandler.class) != null;
        if (sasl.principal() != null) {
            return tls ? SecurityProtocol.SASL_SSL : SecurityProtocol.SASL_PLAINTEXT;
        }
        return tls ? SecurityProtocol.SSL : SecurityProtocol.PLAINTEXT;
    }

    /** What it says it is, in ApiVersions (KIP-511). */
    public void software(String name, String version) {
        softwareName = name;
        softwareVersion = version;
    }

    public String softwareName() {
        return softwareName;
    }

    public String softwareVersion() {
        return softwareVersion;
    }

    SaslState sasl() {
        return sasl;
    }

    void sasl(SaslState changed) {
        sasl = changed;
    }
}
