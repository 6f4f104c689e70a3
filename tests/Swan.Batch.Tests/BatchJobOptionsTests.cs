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
            (o.Images, o.List, o.Root, o.Output, o.Model) = ("a", "b", "c", "", "");
            (o.RowsPerShard, o.Shards, o.MaxReads, o.BatchSize) = (0, 100_000, 257, 4097);
            (o.Rotations, o.Threads, o.MaxBadShare, o.Precision) = (3, -1, double.NaN, (BatchPrecision)2);
            o.Steps = new BatchSteps { Columns = ["embedding", "row", "embedding"] };
        })).Message;
        string[] expected =
        [
            "Images, List and Source: 2 of them are given", "Output and Store are both missing", "Model is empty", "RowsPerShard is 0",
            "Shards is 100000", "MaxReads is 257",
            "BatchSize is 4097", "Rotations is 3", "Precision is 2; expected Single or Half", "Threads is -1", "MaxBadShare is NaN",
            "Version of the steps is empty",
            "Create of the steps is null", "has 'row'", "has 'embedding' more than once",
        ];
        Assert.All(expected, text => Assert.Contains(text, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Blank_paths_are_a_users_error_and_no_defect()
    {
        var e = Assert.Throws<SwanOptionsException>(() => new MLContext().Swan().Batch(new BatchJobOptions { List = "", Root = " " }));
        Assert.All(["List is empty", "Root is empty", "Output and Store are both missing"],
            text => Assert.Contains(text, e.Message, StringComparison.Ordinal));
        Assert.Equal(BatchExitCode.Usage, BatchExitCode.For(e));
    }

    [Fact]
    public void The_defaults_are_valid_once_input_and_output_are_given() =>
        Assert.NotNull(new MLContext().Swan().Batch(new BatchJobOptions { Images = "images", Output = "out" }));
}
