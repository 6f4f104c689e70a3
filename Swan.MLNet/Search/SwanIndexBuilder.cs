using System.Globalization;
using System.Text;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Collects the rows of a <see cref="SwanIndex"/>, one by one.</summary>
internal sealed class SwanIndexBuilder(int embeddingSize)
{
    /// <summary>The longest key, in bytes of UTF-8.</summary>
    public const int MaxKeyLength = 1 << 16;

    /// <summary>Refuses text that has no UTF-8 form, in both directions.</summary>
    public static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly EmbeddingBlocks _gallery = new(embeddingSize);
    private readonly List<string> _keys = [];
    private long _rows;

    /// <summary>Rows left out so far.</summary>
    public long SkippedRows => _rows - _gallery.Count;

    /// <summary>The fault of a key, as the end of a sentence that begins with "The key of …"; null if there is none.</summary>
    public static string? KeyFault(string? key)
    {
        if (string.IsNullOrEmpty(key)) return "is empty; expected a text that identifies the row, such as the image's path.";
        try
        {
            int bytes = Utf8.GetByteCount(key);
            return bytes <= MaxKeyLength ? null : $"has {bytes:N0} bytes of UTF-8; the limit is {MaxKeyLength:N0}.";
        }
        catch (EncoderFallbackException)
        {
            return "is not valid Unicode: half of a surrogate pair is missing, so it couldn't be saved.";
        }
    }

    /// <summary>Adds a row.</summary>
    /// <param name="embedding">D values.</param>
    /// <param name="key">Checked by <see cref="KeyFault"/>. Null: the row's number.</param>
    /// <returns>False where the row has no direction and was left out.</returns>
    public bool Add(ReadOnlySpan<float> embedding, string? key)
    {
        long row = _rows++;
        if (!UnitVector.TryNormalize(embedding, _gallery.Next())) return false;
        _gallery.Keep();
        _keys.Add(key ?? row.ToString(CultureInfo.InvariantCulture));
        return true;
    }

    /// <param name="model">The model that made the embeddings, if known.</param>
    /// <param name="range">How their images were read, if known.</param>
    /// <param name="column">The column that they came from, for messages.</param>
    /// <exception cref="ArgumentException">There were rows, but all were left out.</exception>
    /// <exception cref="SwanRowException">The same, of a column.</exception>
    public SwanIndex Finish(ModelIdentity? model, GivenRange? range, string? column = null)
    {
        if (_rows > 0 && _gallery.Count == 0)
        {
            string message = $"None of {Counted.Of(_rows, "row")}{(column is null ? "" : $" (column '{column}')")} can be found: "
                + "in each, a value is missing (NaN) or infinite, or all are zero. Check that these are the embeddings.";
            throw column is null ? new ArgumentException(message) : new SwanRowException(null, column, message);
        }
        return new SwanIndex(_gallery, _keys, SkippedRows, model, range);
    }
}
