using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Swan.MLNet.DataViews;

/// <summary>Makes ML.NET's own transformer for principal components of axes that were computed elsewhere.</summary>
internal static class LinearProjection
{
    /// <param name="environment">For the transformer.</param>
    /// <param name="output">The added column.</param>
    /// <param name="input">A column of vectors as long as an axis.</param>
    /// <param name="axes">The axes, one for each value of the output.</param>
    /// <param name="mean">Subtracted before the projection.</param>
    public static ITransformer Create(IHostEnvironment environment, string output, string input, float[][] axes, float[] mean)
    {
        // Its constructor learns from data: two rows, of which nothing stays.
        var builder = new ArrayDataViewBuilder(environment);
        builder.AddColumn(input, NumberDataViewType.Single, mean, axes[0]);
        PrincipalComponentAnalysisTransformer projection = new TransformsCatalog(environment)
            .ProjectToPrincipalComponents(output, input, rank: 1, overSampling: 0).Fit(builder.GetDataView());
        var learned = new PrincipalComponentAnalysisTransformer.TransformInfo(axes.Length, mean.Length) { Eigenvectors = axes };
        learned.ProjectMean(mean);
        projection._transformInfos[0] = learned;
        return projection;
    }
}
