namespace Swan.MLNet.Search;

/// <summary>A query of several parts: "like this image, but with a river, minus buildings".</summary>
/// <remarks>
/// Scores of texts and of images have different scales. So each part's scores are standardized over all rows that may be found: their mean
/// becomes 0 and their standard deviation 1. Then they are weighted and added, so equal weights count equally. A negative weight subtracts.
/// Immutable: every method returns a new query. Safe for concurrent use.
/// <example>
/// <code>
/// SwanQuery query = new SwanQuery().Image("harbor.jpg").Text("a river").Text("buildings", weight: -0.5);
/// SwanHit[] hits = gallery.Search(query, model);
/// </code>
/// </example>
/// </remarks>
public sealed class SwanQuery
{
    // Scores are float32, and a part's may be some thousand standard deviations.
    private const double LeastWeight = 1e-30, MostWeight = 1e30;
    private const int Most = 32;
    private readonly QueryPart[] _parts;

    /// <summary>A query without parts, which can't be searched yet.</summary>
    public SwanQuery()
        : this([])
    {
    }

    private SwanQuery(QueryPart[] parts) => _parts = parts;

    internal IReadOnlyList<QueryPart> Parts => _parts;

    /// <summary>Adds a text.</summary>
    /// <param name="text">A text with a word that the model knows.</param>
    /// <param name="weight">Its weight, from 1e-30 to 1e30, or the negative of that to subtract.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is out of range.</exception>
    /// <exception cref="InvalidOperationException">The query already has 32 parts.</exception>
    public SwanQuery Text(string text, double weight = 1)
    {
        ArgumentNullException.ThrowIfNull(text);
        return With(new QueryPart(QueryPartKind.Text, text, null, weight));
    }

    /// <summary>Adds an image.</summary>
    /// <param name="path">A file of one of the <see cref="Imaging.ImageDecoder.Formats"/>.</param>
    /// <param name="weight">Its weight, from 1e-30 to 1e30, or the negative of that to subtract.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is out of range.</exception>
    /// <exception cref="InvalidOperationException">The query already has 32 parts.</exception>
    public SwanQuery Image(string path, double weight = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return With(new QueryPart(QueryPartKind.Image, path, null, weight));
    }

    /// <summary>Adds a row of the gallery; the search doesn't return that row.</summary>
    /// <param name="key">The row's key. If several rows have it, the first is used.</param>
    /// <param name="weight">Its weight, from 1e-30 to 1e30, or the negative of that to subtract.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is out of range.</exception>
    /// <exception cref="InvalidOperationException">The query already has 32 parts.</exception>
    public SwanQuery Key(string key, double weight = 1)
    {
        ArgumentNullException.ThrowIfNull(key);
        return With(new QueryPart(QueryPartKind.Key, key, null, weight));
    }

    /// <summary>Adds an embedding.</summary>
    /// <param name="embedding">D values of any length but zero; copied.</param>
    /// <param name="weight">Its weight, from 1e-30 to 1e30, or the negative of that to subtract.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is out of range.</exception>
    /// <exception cref="InvalidOperationException">The query already has 32 parts.</exception>
    public SwanQuery Embedding(ReadOnlySpan<float> embedding, double weight = 1) =>
        With(new QueryPart(QueryPartKind.Embedding, "an embedding", embedding.ToArray(), weight));

    /// <summary>The query in words, such as <c>image 'harbor.jpg' + text 'a river' - 0.5 × text 'buildings'</c>.</summary>
    public override string ToString() => _parts.Length == 0 ? "nothing" : string.Join(" ", _parts.Select((part, i) => part.Say(i == 0)));

    private SwanQuery With(QueryPart part)
    {
        if (!(Math.Abs(part.Weight) is >= LeastWeight and <= MostWeight))
        {
            throw new ArgumentOutOfRangeException(
                "weight", part.Weight, $"The weight of {part.Kind.ToString().ToLowerInvariant()} '{part.Value}' is {part.Weight}; "
                + "expected 1E-30 to 1E+30, or its negative. Only relative weights matter; leave out a part that doesn't count.");
        }
        return _parts.Length < Most
            ? new SwanQuery([.. _parts, part])
            : throw new InvalidOperationException($"A query has at most {Most} parts; use several queries.");
    }
}
