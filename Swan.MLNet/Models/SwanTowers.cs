namespace Swan.MLNet.Models;

/// <summary>When an open model loads its two towers, the image and the text encoder.</summary>
public enum SwanTowers
{
    /// <summary>Each at its first use (default): a process that only embeds captions never opens the image tower.</summary>
    WhenNeeded,

    /// <summary>Both when the model is opened, which fails if either is unusable.</summary>
    AtOnce,
}
