using System.Text.Json.Serialization;

namespace Swan.MLNet.AutoML;

/// <summary>How the values of a feature vector are scaled.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SwanNormalization>))]
public enum SwanNormalization
{
    /// <summary>Values stay as they are.</summary>
    /// <remarks>Embeddings have unit length; their principal components are shorter.</remarks>
    None,

    /// <summary>Each vector is scaled to unit length.</summary>
    UnitLength,

    /// <summary>Each value gets mean 0 and variance 1 over the data that is fitted.</summary>
    Standard,
}
