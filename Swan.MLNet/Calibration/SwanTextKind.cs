namespace Swan.MLNet.Calibration;

/// <summary>How a text reads to a model trained on English captions.</summary>
public enum SwanTextKind
{
    /// <summary>English; the model knows most of its words.</summary>
    English,

    /// <summary>Most of its words are neither in the training captions nor whole in the vocabulary.</summary>
    UnknownWords,

    /// <summary>It has function words of another language, and the model knows few of its words as English.</summary>
    OtherLanguage,
}
