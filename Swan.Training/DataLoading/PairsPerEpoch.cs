using System.Text.Json.Serialization;

namespace Swan.Training.DataLoading;

/// <summary>Pairs of image and caption that make up an epoch.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PairsPerEpoch>))]
public enum PairsPerEpoch
{
    /// <summary>Every caption once with its image, as in the paper: five times as many pairs as images.</summary>
    [JsonStringEnumMemberName("all_captions")]
    AllCaptions,

    /// <summary>
    /// Every image once, with one of its captions at random, or with several (<c>captionsPerImage</c>).
    /// </summary>
    [JsonStringEnumMemberName("one_caption_per_image")]
    OneCaptionPerImage,
}
