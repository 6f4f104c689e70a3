using Microsoft.ML;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

// Alone in the process: other tests use the shared model, too, and it counts their rows.
[CollectionDefinition(nameof(ZeroShotDefaultModelTests), DisableParallelization = true)]
[Collection(nameof(ZeroShotDefaultModelTests))]
public sealed class ZeroShotDefaultModelTests
{
    [Fact]
    public void The_model_inside_the_library_is_shared_where_it_is_open()
    {
        long before = SwanModel.Default.CaptionEncoder.Session.Rows;
        var options = new SwanZeroShotOptions { Classes = ["river", "airport"] };
        new MLContext(1).Transforms.SwanZeroShot("Label", "Score", "Embedding", options);
        Assert.Equal(2 * options.PromptTemplates.Count, SwanModel.Default.CaptionEncoder.Session.Rows - before);
    }
}
