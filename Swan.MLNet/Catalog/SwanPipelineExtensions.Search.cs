using Microsoft.ML.Data;
using Swan.MLNet.DataViews;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Microsoft.ML;

// Search: the best rows of a gallery for each row's embedding.
public static partial class SwanPipelineExtensions
{
    /// <summary>Makes a step that searches a gallery with each row's embedding.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="keysOutputColumnName">The keys' column, Vector&lt;String, K&gt;, best first.</param>
    /// <param name="scoresOutputColumnName">The scores' column, Vector&lt;Single, K&gt;: cosines.</param>
    /// <param name="inputColumnName">Vector&lt;Single, D&gt;: the queries' embeddings.</param>
    /// <param name="index">
    /// The gallery: an index from <c>mlContext.Swan().BuildIndex</c> or <c>LoadIndex</c>, which is saved with the pipeline, or a living
    /// index, to which a saved pipeline refers (<see cref="SwanSearchOptions.Saving"/>).
    /// </param>
    /// <param name="options">Null takes the defaults; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="Swan.MLNet.Metadata.SwanFilterException">The filter doesn't match the gallery's columns.</exception>
    /// <seealso cref="SwanSearchEstimator"/>
    public static SwanSearchEstimator SwanSearch(
        this TransformsCatalog catalog, string keysOutputColumnName, string scoresOutputColumnName, string inputColumnName,
        SwanGallery index, SwanSearchOptions? options = null)
        => new(MlNetEnvironment.Get(catalog), keysOutputColumnName, scoresOutputColumnName, inputColumnName, index, options);

    /// <summary>Appends the step of
    /// <see cref="SwanSearch(TransformsCatalog, string, string, string, SwanGallery, SwanSearchOptions?)"/>.</summary>
    /// <param name="pipeline">The steps before, such as <c>SwanCaptionEmbedding</c>.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="keysOutputColumnName">The keys' column, Vector&lt;String, K&gt;, best first.</param>
    /// <param name="scoresOutputColumnName">The scores' column, Vector&lt;Single, K&gt;: cosines.</param>
    /// <param name="inputColumnName">Vector&lt;Single, D&gt;: the queries' embeddings.</param>
    /// <param name="index">
    /// The gallery: an index from <c>mlContext.Swan().BuildIndex</c> or <c>LoadIndex</c>, which is saved with the pipeline, or a living
    /// index, to which a saved pipeline refers (<see cref="SwanSearchOptions.Saving"/>).
    /// </param>
    /// <param name="options">Null takes the defaults; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="Swan.MLNet.Metadata.SwanFilterException">The filter doesn't match the gallery's columns.</exception>
    public static EstimatorChain<SwanSearchTransformer> AppendSwanSearch(
        this IEstimator<ITransformer> pipeline, MLContext context, string keysOutputColumnName, string scoresOutputColumnName,
        string inputColumnName, SwanGallery index, SwanSearchOptions? options = null)
        => pipeline.Append(Transforms(context).SwanSearch(keysOutputColumnName, scoresOutputColumnName, inputColumnName, index, options));
}
