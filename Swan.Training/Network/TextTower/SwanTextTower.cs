using System.Text.Json.Serialization;

namespace Swan.Training.Network;

/// <summary>Modules that turn token ids into one vector per token.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SwanTextTower>))]
public enum SwanTextTower
{
    /// <summary>The paper's: word vectors and a bidirectional GRU, learned from the training captions' words.</summary>
    [JsonStringEnumMemberName("gru")]
    Gru,

    /// <summary>
    /// A pretrained sentence encoder (MiniLM, 6 layers of 384) over WordPiece tokens: it knows words that no training caption has.
    /// </summary>
    [JsonStringEnumMemberName("minilm")]
    MiniLm,
}
