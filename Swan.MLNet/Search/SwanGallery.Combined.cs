using Swan.MLNet.Models;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

public abstract partial class SwanGallery
{
    /// <summary>Finds the rows that fit a query of several parts best.</summary>
    /// <param name="query">At least one part.</param>
    /// <param name="model">The model that made the gallery's embeddings; null if no part is a text or an image.</param>
    /// <param name="options">
    /// How many results, how many to skip, the lowest score. Null: the ten best. <see cref="SwanGallerySearchOptions.MinimumScore"/>
    /// applies to the weighted sum.
    /// </param>
    /// <param name="cancellationToken">Cancels the search within milliseconds, or after a pass that it also makes for other
    /// searches.</param>
    /// <returns>
    /// By falling score, which is the weighted sum of the parts' scores in standard deviations from their means; equal scores by row. Rows
    /// that are parts of the query are excluded.
    /// </returns>
    /// <remarks>
    /// It takes two passes: one over the embeddings for means and deviations, and one to find the rows. A gallery with bytes reads its
    /// float32 rows in the first, four times the bytes of the second.
    /// </remarks>
    /// <exception cref="ArgumentException">The query has no part, or an embedding doesn't have D values or has no direction.</exception>
    /// <exception cref="ArgumentNullException">A part is a text or an image, and there is no model.</exception>
    /// <exception cref="KeyNotFoundException">No row has the key of a part.</exception>
    /// <exception cref="SwanMismatchException">The gallery holds embeddings of another model, or of images in another range.</exception>
    /// <exception cref="Imaging.SwanImageException">An image is missing, or can't be read whole.</exception>
    /// <exception cref="Text.SwanTextException">The model knows no word of a text.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is not valid.</exception>
    /// <exception cref="Metadata.SwanFilterException">The filter doesn't match the columns.</exception>
    /// <exception cref="SwanFormatException">A file of the index is damaged; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public SwanHit[] Search(
        SwanQuery query, SwanModel? model = null, SwanGallerySearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Parts.Count == 0) throw new ArgumentException("The query has no part: add a text, an image or a key.", nameof(query));
        SwanGallerySearchOptions asked = Checked(options);
        GalleryView view = Enter();
        try
        {
            Wanted wanted = asked.Wanted(view, cancellationToken);
            int size = view.EmbeddingSize;
            float[] queries = new float[query.Parts.Count * size];
            var excluded = new List<int>();
            for (int t = 0; t < query.Parts.Count; t++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Embed(view, query.Parts[t], model, t, queries.AsSpan(t * size, size), excluded);
            }
            if (wanted.Mask is { Count: 0 }) return [];
            ScannedRows rows = view.Search.Scanned;
            (double, double)[] moments = new MomentScan(rows, queries, wanted.Mask).Run(asked.Threads, cancellationToken);
            CombinedQuery combined = CombinedQuery.Of(queries, [.. query.Parts.Select(part => part.Weight)], moments);
            wanted = wanted with
            {
                Excluded = [.. excluded],
                Minimum = asked.MinimumScore is { } least ? combined.Cosine(least) : float.NegativeInfinity,
            };
            SwanHit[] hits = combined.IsFlat
                ? view.Hits([.. rows.InOrder(wanted).Skip(asked.Skip).Take(asked.K).Select(row => (0f, row))])
                : Search(view, combined.Unit, wanted, asked.Skip, asked.Threads, cancellationToken);
            for (int i = 0; i < hits.Length; i++) hits[i] = hits[i] with { Score = combined.Score(hits[i].Score) };
            // The cosine above was a little low, as it is rounded.
            return asked.MinimumScore is { } lowest ? [.. hits.Where(hit => hit.Score >= lowest)] : hits;
        }
        finally
        {
            Leave(view);
        }
    }

    private static void Embed(
        GalleryView view, QueryPart part, SwanModel? model, int number, Span<float> unit, List<int> excluded)
    {
        ReadOnlySpan<float> embedding;
        switch (part.Kind)
        {
            case QueryPartKind.Text:
                embedding = ForQuery(view, Required(model, part)).EmbedCaption(part.Value);
                break;
            case QueryPartKind.Image:
                embedding = ForImage(view, Required(model, part)).EmbedImage(part.Value);
                break;
            case QueryPartKind.Key:
                excluded.Add(view.RowOf(part.Value));
                embedding = view.Search.Scanned.Row(excluded[^1]);
                break;
            default:
                embedding = part.Embedding;
                break;
        }
        if (embedding.Length != unit.Length)
        {
            throw new ArgumentException(
                $"Part {number} of the query has {embedding.Length} values, but the index holds embeddings of {unit.Length}. "
                + $"Embed it with the index's model{(view.Model is null ? "" : $", {view.Model}")}.", "query");
        }
        if (!UnitVector.TryNormalize(embedding, unit)) throw NoDirection(number, "query");
    }

    private static SwanModel Required(SwanModel? model, QueryPart part) => model ?? throw new ArgumentNullException(
        nameof(model),
        $"The query has {part.Kind.ToString().ToLowerInvariant()} '{part.Value}', which a model must embed; none was given.");
}
