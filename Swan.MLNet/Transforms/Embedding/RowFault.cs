using Swan.MLNet.Imaging;
using Swan.MLNet.Text;

namespace Swan.MLNet.Transforms;

/// <summary>Why one row has no embedding.</summary>
/// <param name="Reason">
/// One word, to count by: an <see cref="ImageFault"/>, <see cref="NoKnownWord"/>, or the type of an earlier step's input error, such as
/// <c>FileNotFoundException</c>.
/// </param>
/// <param name="Cause">What happened; names the file.</param>
internal sealed record RowFault(string Reason, Exception Cause)
{
    public const string NoKnownWord = "NoKnownWord";

    /// <summary>What the error column says.</summary>
    public string Text => $"{Reason}: {Cause.Message}";

    /// <summary>The fault that an exception stands for.</summary>
    /// <returns>
    /// Null if it is not the row's: a native library is missing, memory is exhausted, or an earlier step or Swan fails.
    /// </returns>
    public static RowFault? From(Exception cause) => cause switch
    {
        SwanImageException image => new RowFault(image.Fault.ToString(), cause),
        // An earlier step also reads files. A fault that would also affect the next file is not the row's.
        _ when cause is IOException && MachineFault.Is(cause) => null,
        IOException or UnauthorizedAccessException => new RowFault(cause.GetType().Name, cause),
        _ => null,
    };

    /// <summary>A caption without a word that the model knows; its embedding would be meaningless.</summary>
    /// <param name="caption">The caption.</param>
    /// <param name="read">Which part of it was read (<see cref="CaptionText.DescribeRead"/>).</param>
    /// <param name="model">The model's name.</param>
    public static RowFault Wordless(string caption, string read, string model) =>
        new(NoKnownWord, SwanTextException.NoKnownWord(caption, read, model));
}
