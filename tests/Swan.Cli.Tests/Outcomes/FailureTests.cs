using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;
using Swan.Training;

namespace Swan.Cli.Tests.Outcomes;

public sealed class FailureTests
{
    public static TheoryData<int, Exception> Expected => new()
    {
        { 1, new SwanFormatException("wrong") },
        { 1, new SwanTrainingException("wrong") },
        { 1, new FileNotFoundException("wrong") },
        { 2, new UsageException("wrong") },
        { 2, new SwanOptionsException("wrong") },
        { 2, new SwanFilterException("wrong") },
        { 75, new SwanIndexLockedException("wrong", null, null) },
        { 74, new IOException("wrong") },
        { 74, new UnauthorizedAccessException("wrong") },
        { 75, new CommandException("wrong", exitCode: 75) },
    };

    [Theory, MemberData(nameof(Expected))]
    public void A_failure_that_is_not_a_bug_takes_one_line(int expected, Exception failure)
    {
        var errors = new StringWriter { NewLine = "\n" };
        Assert.Equal(expected, Failure.Report(failure, "swan search", errors));
        Assert.Equal(expected == 2 ? "swan: wrong\nSee: swan search --help\n" : "swan: wrong\n", errors.ToString());
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(ArgumentException))]
    [InlineData(typeof(NullReferenceException))]
    public void A_bug_says_so_with_its_stack_trace(Type bug)
    {
        var errors = new StringWriter();
        Exception thrown = Assert.ThrowsAny<Exception>((Action)(() => throw (Exception)Activator.CreateInstance(bug, "oops")!));
        Assert.Equal(70, Failure.Report(thrown, "swan search", errors));
        Assert.Contains("this is a bug in swan", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains($"   at {typeof(FailureTests).FullName}", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_exit_code_is_in_the_table_once()
    {
        int[] declared = [.. typeof(ExitCode).GetFields().Where(f => f.IsLiteral).Select(f => (int)f.GetRawConstantValue()!)];
        Assert.Equal(declared.Order(), ExitCode.Table.Select(row => row.Code));
    }
}
