namespace Swan.MLNet.Calibration;

/// <summary>What a text is to a model that learned English captions.</summary>
public enum SwanTextKind
{
    /// <summary>English, most words of which the model knows.</summary>
    English,

    /// <summary>Most of its words are in no caption that the model learned from, nor whole in its vocabulary.</summary>
    UnknownWords,

    /// <summary>It has function words of another language, and most of its words are no English that the model knows.</summary>
    OtherLanguage,
}
