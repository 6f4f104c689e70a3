using System.Reflection;
using Microsoft.ML;

namespace Swan.MLNet.Tests;

public sealed class PublicSurfaceTests
{
    private static readonly Assembly Library = typeof(SwanCatalog).Assembly;

    [Fact]
    public void The_documentation_file_names_public_types_only() => DocumentationFile.HasPublicTypesOnly(Library);

    [Fact]
    public void All_errors_of_the_library_share_one_base() => DocumentationFile.ErrorsShareOneBase(Library);

    [Fact]
    public void A_pipeline_step_has_at_most_three_overloads() => Assert.All(
        typeof(SwanPipelineExtensions).GetMethods(BindingFlags.Public | BindingFlags.Static).GroupBy(method => method.Name),
        step => Assert.InRange(step.Count(), 1, 3));

    [Fact]
    public void An_embedding_step_needs_no_more_than_its_output_column()
    {
        var ml = new MLContext();
        Assert.NotNull(ml.Transforms.SwanEmbedding("Image"));
        Assert.NotNull(ml.Transforms.SwanCaptionEmbedding("Text"));
    }
}
