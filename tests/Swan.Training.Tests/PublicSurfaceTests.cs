using System.Reflection;

namespace Swan.Training.Tests;

public sealed class PublicSurfaceTests
{
    private static readonly Assembly Library = typeof(SwanTrainer).Assembly;

    [Fact]
    public void The_documentation_file_names_public_types_only() => DocumentationFile.HasPublicTypesOnly(Library);

    [Fact]
    public void All_errors_of_the_library_share_one_base() => DocumentationFile.ErrorsShareOneBase(Library);

    [Fact]
    public void No_property_of_the_library_hands_out_something_to_dispose() => Assert.Empty(HandedOut.ByProperties(Library));

    [Fact]
    public void Methods_hand_out_what_they_make_or_a_networks_parameters() => Assert.Equal(
        [
            // Those of TorchSharp's own modules are handed out like this, too.
            "SwanNetwork.BackboneParameters",
            "SwanNetwork.Create", "SwanNetwork.EncodeCaptions", "SwanNetwork.EncodeImages",
            "SwanNetwork.LearningParameters", "SwanNetwork.PretrainedTextParameters",
            "SwanNetwork.Similarity", "SwanNetwork.Unit", "SwanRun.LoadBest", "SwanTrainerEstimator.Fit",
        ],
        HandedOut.ByMethods(Library));
}
