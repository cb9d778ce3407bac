// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.Map;
import java.util.TreeMap;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData.UpdatableFeatureResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.server.common.GroupVersion;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.common.ShareVersion;
import org.apache.kafka.server.common.StreamsVersion;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * The features that clients choose their protocol by (KIP-584): consumer groups of KIP-848, transactions of KIP-890, share groups, streams groups. They are on, at one level each; there is nothing to
 * upgrade from.
 */
public final class Features {
    /** Grows when features change, which they do not. */
    private static final long EPOCH = 1;
    /** From this version of UpdateFeatures on it is all or nothing, and no feature is answered for itself (KIP-584, KIP-1022). */
    private static final short WHOLE = 2;

    private static final Map<String, Short> LEVELS = new TreeMap<>(Map.of(
            MetadataVersion.FEATURE_NAME, MetadataVersion.latestProduction().featureLevel(),
            GroupVersion.FEATURE_NAME, GroupVersion.GV_1.featureLevel(),
            TransactionVersion.FEATURE_NAME, TransactionVersion.TV_2.featureLevel(),
            ShareVersion.FEATURE_NAME, ShareVersion.SV_1.featureLevel(),
            StreamsVersion.FEATURE_NAME, StreamsVersion.SV_1.featureLevel()));

    private final KafkaContext context;

    public Features(KafkaContext context) {
        this.context = context;
    }

    /** @param mayBeginAtZero whether the client knows ranges that do; older ones take them for an error */
    static void addTo(ApiVersionsResponseData response, boolean mayBeginAtZero) {
        response.setFinalizedFeaturesEpoch(EPOCH);
        LEVELS.forEach((name, level) -> {
            short min = min(name);
            response.finalizedFeatures().add(
                    new FinalizedFeatureKey().setName(name).setMinVersionLevel(level).setMaxVersionLevel(level));
            if (min > 0 || mayBeginAtZero) {
                response.supportedFeatures()
                        .add(new SupportedFeatureKey().setName(name).setMinVersion(min).setMaxVersion(level));
            }
        });
    }

    private static short min(String name) {
        return name.equals(MetadataVersion.FEATURE_NAME) ? MetadataVersion.MINIMUM_VERSION.featureLevel() : 0;
    }

    /** UpdateFeatures: what is asked for is there, or cannot be had. */
    public void update(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.ALTER)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        UpdateFeaturesResponseData response = new UpdateFeaturesResponseData();
        for (FeatureUpdateKey update : request.data(UpdateFeaturesRequestData.class).featureUpdates()) {
            ApiError error = check(update);
            if (request.version() < WHOLE) {
                response.results().add(new UpdatableFeatureResult().setFeature(update.feature())
                        .setErrorCode(error.error().code()).setErrorMessage(error.message()));
            } else if (error.isFailure()) {
                request.respond(response.setErrorCode(error.error().code()).setErrorMessage(
                        "The update failed for all features since the following feature had an error: "
                                + error.message()));
                return;
            }
        }
        request.respond(response);
    }

    private static ApiError check(FeatureUpdateKey update) {
        String asked = "Invalid update version " + update.maxVersionLevel() + " for feature " + update.feature() + ". ";
        Short level = LEVELS.get(update.feature());
        if (level == null) {
            return new ApiError(Errors.INVALID_UPDATE_VERSION, asked + "This broker does not know this feature.");
        }
        return update.maxVersionLevel() == level
                ? ApiError.NONE
                : new ApiError(Errors.INVALID_UPDATE_VERSION,
                        asked + "Level " + level + " is what this broker has, and the only one.");
    }
}
