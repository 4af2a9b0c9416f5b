namespace Outboard.Sdk.Tests.Memory;

/// <summary>Runs bodies on threads of their own and rethrows what one of them threw.</summary>
internal static class Threads
{
    public static void Run(int count, Action<int> body)
    {
        Exception? failure = null;
        using var barrier = new Barrier(count);
        Thread[] threads =
        [
            .. Enumerable.Range(0, count).Select(i => new Thread(() =>
            {
                try
                {
                    barrier.SignalAndWait();
                    body(i);
                }
                catch (Exception e)
                {
                    failure = e;
                }
            })
            {
                IsBackground = true,
            }),
        ];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "a thread did not end");
        }

        Assert.Null(failure);
    }
}
