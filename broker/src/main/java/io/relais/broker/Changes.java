// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.ArrayList;
import java.util.List;

import io.relais.log.metadata.MetadataStore;
import io.relais.log.metadata.MetadataStore.Change;

/** Collects what one command changes in the metadata: written all or none. */
final class Changes {
    private final List<Change> list = new ArrayList<>();

    void put(String key, byte[] value) {
        list.add(new Change.Put(key, value, MetadataStore.ANY));
    }

    void delete(String key) {
        list.add(new Change.Delete(key, MetadataStore.ANY));
    }

    List<Change> list() {
        return list;
    }
}
