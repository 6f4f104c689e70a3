using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;
using Swan.VectorData.Records;

namespace Swan.VectorData;

public sealed partial class SwanVectorStoreCollection<TKey, TRecord>
{
    /// <summary>Finds the records that are most similar to a vector, or to what a generator embeds: exactly, and by one state.</summary>
    /// <remarks>Best first; equal scores as the index has them.</remarks>
    /// <typeparam name="TInput">An embedding's type, or what the collection's generator embeds.</typeparam>
    /// <param name="searchValue">The query.</param>
    /// <param name="top">How many, at least 1.</param>
    /// <param name="options">Filter, from which, above which score, and whether vectors come, too; null: all records, without.</param>
    /// <param name="cancellationToken">Ends the search within milliseconds, or as the generator does.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="top"/> is less than 1.</exception>
    /// <exception cref="NotSupportedException">
    /// A part of the filter has no equivalent; the query is no embedding and there is no generator; or the vector is asked for, but what it
    /// was made of is not kept.
    /// </exception>
    /// <exception cref="InvalidOperationException">The generator doesn't embed such queries.</exception>
    /// <exception cref="VectorStoreException">
    /// There is no such collection, it can't be read, or the query has another length or no direction.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public override IAsyncEnumerable<VectorSearchResult<TRecord>> SearchAsync<TInput>(
        TInput searchValue, int top, VectorSearchOptions<TRecord>? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(searchValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        bool includeVectors = RequireVectors(options?.IncludeVectors);
        if (options?.VectorProperty is { } selector && _model.Selected(selector) is not VectorProperty)
            throw new InvalidOperationException($"'{selector}' is no vector. The collection's vector is '{_model.Vector.Name}'.");
        SwanFilter? filter = options?.Filter is null ? null : RecordFilter.Of(_model, options.Filter);
        Func<CancellationToken, Task<ReadOnlyMemory<float>>> query = Query(searchValue);
        var asked = new SwanGallerySearchOptions { K = top, Skip = options?.Skip ?? 0, Filter = filter };
        double? threshold = options?.ScoreThreshold;
        if (threshold is double least) asked.MinimumScore = _model.Vector.Similarity.LeastCosine(least);
        return SearchAsync(query, asked, threshold, includeVectors, cancellationToken);
    }

    private async IAsyncEnumerable<VectorSearchResult<TRecord>> SearchAsync(
        Func<CancellationToken, Task<ReadOnlyMemory<float>>> query, SwanGallerySearchOptions asked, double? threshold, bool includeVectors,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const string operation = "Search";
        // A collection that isn't there costs no embedding.
        (await PinAsync(operation, cancellationToken).ConfigureAwait(false)).Dispose();
        ReadOnlyMemory<float> vector = await query(cancellationToken).ConfigureAwait(false);
        if (_model.Vector.Fault(vector) is { } fault) throw _failures.Of(operation, $"The query {fault}");
        using SwanIndexSnapshot snapshot = await PinAsync(operation, cancellationToken).ConfigureAwait(false);
        if (asked.Filter is not null) RequireColumns(operation, snapshot);
        SwanHit[] hits = await RunAsync(
            operation, () => Task.FromResult(snapshot.Search(vector.Span, asked, cancellationToken)), cancellationToken)
            .ConfigureAwait(false);
        Similarity similarity = _model.Vector.Similarity;
        foreach (SwanHit hit in hits)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double score = similarity.Score(hit.Score);
            // The index was asked for a little less, which rounding can't change.
            if (threshold is double least && !similarity.Passes(score, least)) yield break;
            var record = Guarded(operation, () => (TRecord)_model.RecordOf(snapshot.State.RowAt(hit.Row), includeVectors));
            yield return new VectorSearchResult<TRecord>(record, score);
        }
    }

    // What makes the query's embedding; it runs when the results are asked for.
    private Func<CancellationToken, Task<ReadOnlyMemory<float>>> Query<TInput>(TInput searchValue)
    {
        if (VectorProperty.Native(searchValue) is { } vector) return _ => Task.FromResult(vector);
        IEmbeddingGenerator generator = _model.Vector.Generator ?? throw new NotSupportedException(
            $"The query is a {searchValue!.GetType().Name}, which is no embedding, and the collection has no generator that embeds it. "
            + $"Give {VectorProperty.Supported}, or set EmbeddingGenerator in the options of the store or of the collection.");
        if (generator is IEmbeddingGenerator<TInput, Embedding<float>> embeds)
        {
            return async cancellation =>
                (await embeds.GenerateAsync([searchValue], cancellationToken: cancellation).ConfigureAwait(false))[0].Vector;
        }
        SourceEmbedder embedder = SourceEmbedder.For(searchValue!.GetType(), generator) ?? throw new InvalidOperationException(
            $"The query is a {searchValue.GetType().Name}, which the generator {generator.GetType().Name} doesn't embed as "
            + "Embedding<float>.");
        return async cancellation => (await embedder.EmbedAsync([searchValue], cancellation).ConfigureAwait(false))[0];
    }
}
