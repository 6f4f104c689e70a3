using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.Models;

/// <summary>What comes of a part of a model that can't be made.</summary>
public sealed class FirstUseTests
{
    private int _made;

    [Fact]
    public void A_fault_of_the_file_is_kept()
    {
        FirstUse<string> part = Failing(new SwanFormatException("damaged"));
        Exception first = Assert.Throws<SwanFormatException>(() => part.Value);
        Assert.Same(first, Assert.Throws<SwanFormatException>(() => part.Value));
        Assert.Equal(1, _made);
        Assert.Null(part.Made);
    }

    [Theory]
    [InlineData("disk")]
    [InlineData("device")]
    [InlineData("memory")]
    public void After_another_fault_the_next_use_tries_again(string what)
    {
        Exception fault = what switch
        {
            "disk" => new IOException(what),
            "device" => new SwanDeviceException(what),
            _ => new OutOfMemoryException(what),
        };
        FirstUse<string> part = Failing(fault);
        Assert.Same(fault, Record.Exception(() => part.Value));
        Assert.Equal("made", part.Value);
        Assert.Equal("made", part.Value);
        Assert.Equal(2, _made);
    }

    [Fact]
    public void Threads_that_come_first_make_one()
    {
        var part = new FirstUse<object>(new Lock(), () =>
        {
            Interlocked.Increment(ref _made);
            return new object();
        });
        object[] values = new object[16];
        Parallel.For(0, values.Length, i => values[i] = part.Value);
        Assert.Single(values.Distinct());
        Assert.Equal(1, _made);
    }

    // Fails once.
    private FirstUse<string> Failing(Exception fault) => new(new Lock(), () => _made++ == 0 ? throw fault : "made");
}
