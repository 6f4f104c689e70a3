using System.Diagnostics;
using System.Globalization;
using SceneSearch.Web.Observing;

namespace SceneSearch.Web.Endpoints;

/// <summary>How long the parts of one search took, for its answer's header Server-Timing.</summary>
internal sealed class SearchTimes
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private TimeSpan _encoding, _searching;

    public T Encoding<T>(Func<T> work) => Timed(work, ref _encoding);

    public T Searching<T>(string kind, Func<T> work)
    {
        T result = Timed(work, ref _searching);
        SearchMeter.Search(kind, _encoding + _searching);
        return result;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"encode;dur={_encoding.TotalMilliseconds:F2}, search;dur={_searching.TotalMilliseconds:F2}, ")
        + string.Create(CultureInfo.InvariantCulture, $"total;dur={Stopwatch.GetElapsedTime(_start).TotalMilliseconds:F2}");

    private static T Timed<T>(Func<T> work, ref TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        T result = work();
        time = Stopwatch.GetElapsedTime(start);
        return result;
    }
}
