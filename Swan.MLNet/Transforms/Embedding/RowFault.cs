using Swan.MLNet.Imaging;

namespace Swan.MLNet.Transforms;

/// <summary>Why one row has no embedding.</summary>
/// <param name="Reason">One word, to count by: an <see cref="ImageFault"/>, <see cref="EmptyCaption"/>, or the type of an earlier step's exception.</param>
/// <param name="Cause">What happened; names the file.</param>
internal sealed record RowFault(string Reason, Exception Cause)
{
    public const string EmptyCaption = "EmptyCaption";

    /// <summary>What the error column says.</summary>
    public string Text => $"{Reason}: {Cause.Message}";

    public static RowFault From(Exception cause) => new(cause is SwanImageException image ? image.Fault.ToString() : cause.GetType().Name, cause);

    /// <summary>A caption without words; its embedding would be that of every other such caption.</summary>
    public static RowFault NoWords(string caption) => new(EmptyCaption, new InvalidDataException(
        caption.Length == 0 ? "the caption is empty." : $"the caption '{(caption.Length > 40 ? caption[..40] + "…" : caption)}' has no word."));
}
