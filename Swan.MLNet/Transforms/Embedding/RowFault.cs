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
    /// Null where it says nothing about the row: a native library is missing, memory is exhausted, an earlier step or Swan fails.
    /// </returns>
    public static RowFault? From(Exception cause) => cause switch
    {
        SwanImageException image => new RowFault(image.Fault.ToString(), cause),
        // An earlier step reads files, too. What stands in the way of the next file as well is no row's fault.
        _ when cause is IOException && MachineFault.Is(cause) => null,
        IOException or UnauthorizedAccessException => new RowFault(cause.GetType().Name, cause),
        _ => null,
    };

    /// <summary>A caption of which the model knows no word; its embedding would mean nothing.</summary>
    public static RowFault Wordless(string caption, string model) => new(NoKnownWord, SwanTextException.NoKnownWord(caption, model));
}
