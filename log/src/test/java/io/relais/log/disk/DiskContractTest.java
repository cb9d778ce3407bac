// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Disk} does. */
abstract class DiskContractTest {
    private static final Path FOLDER = Path.of("a/b");
    private static final Path FILE = FOLDER.resolve("file");

    abstract Disk disk();

    @BeforeEach
    void createFolders() throws IOException {
        disk().createFolders(FOLDER);
    }

    @Test
    void bytesAreReadWhereTheyWereWritten() throws IOException {
        try (DiskFile file = disk().open(FILE)) {
            ByteBuf bytes = ascii("..hello").readerIndex(2);

            file.write(1000, bytes);

            assertThat(bytes.readerIndex()).isEqualTo(2);
            assertThat(file.size()).isEqualTo(1005);
            assertThat(read(file, 1001, 3)).isEqualTo("ell");
            assertThat(read(file, 998, 4)).isEqualTo("\0\0he");
        }
    }

    @Test
    void readingEndsWithTheFile() throws IOException {
        try (DiskFile file = disk().open(FILE)) {
            file.write(0, ascii("hello"));

            assertThat(read(file, 3, 100)).isEqualTo("lo");
            assertThat(read(file, 5, 100)).isEmpty();
            assertThat(read(file, 500, 100)).isEmpty();
        }
    }

    @Test
    void severalPiecesAreWrittenAsOne() throws IOException {
        try (DiskFile file = disk().open(FILE)) {
            file.write(0, Unpooled.wrappedBuffer(ascii("he"), ascii("llo")));

            assertThat(read(file, 0, 5)).isEqualTo("hello");
        }
    }

    @Test
    void preallocatedSpaceIsZerosAndKeepsWhatIsThere() throws IOException {
        try (DiskFile file = disk().open(FILE)) {
            file.write(0, ascii("x"));

            file.preallocate(3_000_000);
            file.preallocate(10);

            assertThat(file.size()).isEqualTo(3_000_000);
            assertThat(read(file, 0, 2)).isEqualTo("x\0");
            assertThat(read(file, 2_999_999, 2)).isEqualTo("\0");
        }
    }

    @Test
    void aFileThatWasCutGrowsAgainWithZeros() throws IOException {
        try (DiskFile file = disk().open(FILE)) {
            file.write(0, ascii("hello"));
            file.truncate(2);
            file.write(6, ascii("x"));

            assertThat(read(file, 0, 10)).isEqualTo("he\0\0\0\0x");
        }
    }

    @Test
    void bytesGoToAChannel() throws IOException {
        var sent = new ByteArrayOutputStream();
        try (DiskFile file = disk().open(FILE)) {
            file.write(0, ascii("hello"));

            assertThat(file.transferTo(1, 3, Channels.newChannel(sent))).isEqualTo(3);
        }
        assertThat(sent.toString(US_ASCII)).isEqualTo("ell");
    }

    @Test
    void contentStaysWhenAFileIsClosedAndRenamed() throws IOException {
        try (DiskFile file = disk().open(FILE)) {
            file.write(0, ascii("hello"));
            file.sync();
        }
        Path renamed = FOLDER.resolve("renamed");
        disk().open(renamed).close();

        disk().rename(FILE, renamed);
        disk().syncFolder(FOLDER);

        assertThat(disk().exists(FILE)).isFalse();
        try (DiskFile file = disk().open(renamed)) {
            assertThat(read(file, 0, 5)).isEqualTo("hello");
        }
    }

    @Test
    void foldersAreListedSortedAndAbsentOnesAreEmpty() throws IOException {
        disk().open(FOLDER.resolve("z")).close();
        disk().open(FOLDER.resolve("a")).close();
        disk().createFolders(FOLDER.resolve("m"));

        assertThat(disk().list(FOLDER)).containsExactly("a", "m", "z");
        assertThat(disk().list(Path.of("a"))).containsExactly("b");
        assertThat(disk().list(Path.of("none"))).isEmpty();
        assertThat(disk().exists(FOLDER)).isTrue();
    }

    @Test
    void filesAndEmptyFoldersAreDeletedAndAbsentOnesAreFine() throws IOException {
        disk().open(FILE).close();

        assertThatThrownBy(() -> disk().delete(FOLDER)).isInstanceOf(IOException.class);
        disk().delete(FILE);
        disk().delete(FILE);
        disk().delete(FOLDER);

        assertThat(disk().exists(FOLDER)).isFalse();
    }

    @Test
    void theSizeOfAFileIsKnownWithoutOpeningIt() throws IOException {
        Path path = FOLDER.resolve("sized");
        assertThat(disk().size(path)).isEqualTo(-1);
        try (DiskFile file = disk().open(path)) {
            file.write(0, Unpooled.wrappedBuffer(new byte[]{1, 2, 3}));
        }
        assertThat(disk().size(path)).isEqualTo(3);
    }

    @Test
    void aFolderIsCreatedInOneThatExistsAndPresentIsFine() throws IOException {
        Path inner = FOLDER.resolve("inner");
        disk().createFolder(inner);
        disk().createFolder(inner);
        disk().open(inner.resolve("file")).close();

        assertThat(disk().list(inner)).containsExactly("file");
        assertThatThrownBy(() -> disk().createFolder(Path.of("absent/inner"))).isInstanceOf(IOException.class);
    }

    @Test
    void usableBytesAreTold() throws IOException {
        assertThat(disk().usableBytes()).isPositive();
    }

    static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }

    static String read(DiskFile file, long position, int length) throws IOException {
        ByteBuf into = Unpooled.buffer();
        int n = file.read(position, into, length);
        assertThat(n).isEqualTo(into.readableBytes());
        return into.toString(US_ASCII);
    }
}
