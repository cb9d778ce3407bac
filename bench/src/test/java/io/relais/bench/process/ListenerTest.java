// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ListenerTest {
    private static final String TABLE = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1629 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41234 1
               1: 0100007F:C350 0100007F:1629 01 00000000:00000000 00:00000000 00000000     0        0 41299 1
               2: 0100007F:1629 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 41300 1
            """;

    @Test
    void isTheSocketThatListensAndNotOneThatIsConnected() {
        assertThat(Listener.inode(TABLE, 5673)).contains("41234");
        assertThat(Listener.inode(TABLE, 50000)).isEmpty();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
    void findsTheProcessThatHoldsThePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Listener.pid(socket.getLocalPort())).contains(ProcessHandle.current().pid());
        }
    }
}
