using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;
using Swan.VectorData.Records;

namespace Swan.VectorData;

public sealed partial class SwanVectorStoreCollection<TKey, TRecord>
{
    /// <summary>Finds the records most similar to a vector, or to a value that a generator embeds: exactly, and from one state.</summary>
    /// <remarks>Results come best first; equal scores follow the index's order.</remarks>
    /// <typeparam name="TInput">An embedding type, or a type that the collection's generator embeds.</typeparam>
    /// <param name="searchValue">The query.</param>
    /// <param name="top">How many, at least 1.</param>
    /// <param name="options">Filter, how many to skip, lowest score, and whether to include vectors; null: all records, without
    /// vectors.</param>
    /// <param name="cancellationToken">Cancels the search within milliseconds, or the generator as it supports.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="top"/> is less than 1.</exception>
    /// <exception cref="NotSupportedException">
    /// A part of the filter has no equivalent; the query is not an embedding and there is no generator; or the vector is requested, but its
    /// source value is not stored.
    /// </exception>
    /// <exception cref="InvalidOperationException">The generator doesn't embed such queries.</exception>
    /// <exception cref="VectorStoreException">
    /// The collection doesn't exist or can't be read, or the query has the wrong length or no direction.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public override IAsyncEnumerable<VectorSearchResult<TRecord>> SearchAsync<TInput>(
        TInput searchValue, int top, VectorSearchOptions<TRecord>? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(searchValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        bool includeVectors = RequireVectors(options?.IncludeVectors);
        if (options?.VectorProperty is { } selector && _model.Selected(selector) is not VectorProperty)
            throw new InvalidOperationException($"'{selector}' is not a vector. The collection's vector is '{_model.Vector.Name}'.");
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
        // Checked first: a missing collection must not cost an embedding.
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

    // Embeds the query when the results are read.
    private Func<CancellationToken, Task<ReadOnlyMemory<float>>> Query<TInput>(TInput searchValue)
    {
        if (VectorProperty.Native(searchValue) is { } vector) return _ => Task.FromResult(vector);
        IEmbeddingGenerator generator = _model.Vector.Generator ?? throw new NotSupportedException(
            $"The query is a {searchValue!.GetType().Name}, which is not an embedding, and the collection has no generator for it. "
            + $"Pass one of {VectorProperty.Supported}, or set EmbeddingGenerator in the options of the store or collection.");
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
