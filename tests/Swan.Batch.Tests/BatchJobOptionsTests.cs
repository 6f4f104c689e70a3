using Microsoft.ML;
using Swan.MLNet;

namespace Swan.Batch.Tests;

public sealed class BatchJobOptionsTests
{
    [Fact]
    public void All_that_is_wrong_is_reported_at_once()
    {
        string message = Assert.Throws<SwanOptionsException>(() => new MLContext().Swan().Batch(o =>
        {
            (o.Images, o.List, o.Root, o.Output, o.Model, o.Shard) = ("a", "b", "c", "", "", null!);
            (o.ChunkSize, o.BatchSize, o.Rotations, o.Threads, o.MaxBadShare) = (0, 4097, 3, -1, double.NaN);
            o.Steps = new BatchSteps { Columns = ["embedding", "row", "embedding"] };
        })).Message;
        string[] expected =
        [
            "Images and List are both given", "Root is 'c'", "Output is empty", "Model is empty", "Shard is null", "ChunkSize is 0",
            "BatchSize is 4097", "Rotations is 3", "Threads is -1", "MaxBadShare is NaN", "Version of the steps is empty",
            "Create of the steps is null", "has 'row'", "has 'embedding' more than once",
        ];
        Assert.All(expected, text => Assert.Contains(text, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Blank_paths_are_a_users_error_and_no_defect()
    {
        var e = Assert.Throws<SwanOptionsException>(() => new MLContext().Swan().Batch(new BatchJobOptions { List = "", Root = " " }));
        Assert.All(["List is empty", "Root is empty", "Output is empty"],
            text => Assert.Contains(text, e.Message, StringComparison.Ordinal));
        Assert.Equal(BatchExitCode.Unusable, BatchExitCode.For(e));
    }

    [Fact]
    public void The_defaults_are_valid_once_input_and_output_are_given() =>
        Assert.NotNull(new MLContext().Swan().Batch(new BatchJobOptions { Images = "images", Output = "out" }));
}
