using System.Collections.Concurrent;
using System.Diagnostics;

namespace Swan.Benchmarks.Commands;

/// <summary>Milliseconds from a query's arrival to its results.</summary>
/// <param name="Name">What searches.</param>
/// <param name="Load">How queries come.</param>
/// <param name="Rate">Queries answered a second.</param>
/// <param name="P50">Half of them took no longer.</param>
/// <param name="P95">95 of 100.</param>
/// <param name="P99">99 of 100.</param>
/// <param name="Processor">Processor milliseconds a query.</param>
/// <param name="Allocated">Bytes allocated a query.</param>
internal sealed record Latency(
    string Name, string Load, double Rate, double P50, double P95, double P99, double Processor, double Allocated)
{
    private const int Seed = 2;

    /// <summary>
    /// Queries come at random times, whether earlier ones are answered or not, and each takes a thread of the pool, as in a web server.
    /// </summary>
    public static Part Open(Action<int> search, double rate, double seconds, int turn)
    {
        var random = new Random(Seed + turn);
        var took = new ConcurrentBag<double>();
        var clock = Stopwatch.StartNew();
        using var all = new CountdownEvent(1);
        int query = 0;
        for (double due = Next(0); due < seconds; due = Next(due))
        {
            // A sleep ends up to a millisecond late; the rest is waited for by looking at the clock.
            while (due - clock.Elapsed.TotalSeconds is var wait && wait > 0)
            {
                if (wait > 0.002) Thread.Sleep((int)(1000 * wait) - 1);
                else Thread.Yield();
            }
            double arrived = due;
            int number = query++;
            all.AddCount();
            ThreadPool.QueueUserWorkItem(_ =>
            {
                search(number);
                took.Add(1000 * (clock.Elapsed.TotalSeconds - arrived));
                all.Signal();
            });
        }
        all.Signal();
        all.Wait();
        return new Part([.. took], clock.Elapsed.TotalSeconds);

        double Next(double due) => due - Math.Log(1 - random.NextDouble()) / rate;
    }

    /// <summary>Some clients, each on its thread, with the next query as soon as the last is answered.</summary>
    public static Part Closed(Action<int> search, int clients, double seconds)
    {
        var took = new ConcurrentBag<double>();
        var clock = Stopwatch.StartNew();
        Thread[] threads =
        [
            .. Enumerable.Range(0, clients).Select(client => new Thread(() =>
            {
                for (int number = client; clock.Elapsed.TotalSeconds < seconds; number += clients)
                {
                    double asked = clock.Elapsed.TotalSeconds;
                    search(number);
                    took.Add(1000 * (clock.Elapsed.TotalSeconds - asked));
                }
            })),
        ];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        return new Part([.. took], clock.Elapsed.TotalSeconds);
    }

    /// <summary>What some turns had together.</summary>
    public static Latency Of(string name, string load, IReadOnlyCollection<(Part Part, double Processor, long Allocated)> turns)
    {
        double[] all = [.. turns.SelectMany(turn => turn.Part.Milliseconds).Order()];
        double At(double share) => all[Math.Min(all.Length - 1, (int)(share * all.Length))];
        return new Latency(
            name, load, all.Length / turns.Sum(turn => turn.Part.Seconds), At(0.5), At(0.95), At(0.99),
            1000 * turns.Sum(turn => turn.Processor) / all.Length, (double)turns.Sum(turn => turn.Allocated) / all.Length);
    }

    /// <summary>One turn.</summary>
    /// <param name="Milliseconds">Of each query.</param>
    /// <param name="Seconds">Of the turn.</param>
    internal sealed record Part(double[] Milliseconds, double Seconds);
}
