namespace Outboard.OpenCL.Tests;

/// <summary>The programs that tests build.</summary>
internal static class Kernels
{
    public const string Source = """
        __kernel void fill(__global int *target, int value)
        {
            target[get_global_id(0)] = value;
        }

        __kernel void twice_plus(__global int *data, int offset, int addend)
        {
            size_t i = offset + get_global_id(0);
            data[i] = data[i] * 2 + addend;
        }

        __kernel void grid(__global int *target)
        {
            target[get_global_id(1) * get_global_size(0) + get_global_id(0)] =
                (int)(get_group_id(1) * 1000 + get_group_id(0));
        }

        __kernel void spin(__global int *target, int rounds)
        {
            int x = target[0];
            for (int i = 0; i < rounds; i++)
            {
                x = x * 1664525 + 1013904223;
            }

            target[0] = x;
        }

        __kernel void reverse(__global int *data, __local int *tile)
        {
            size_t i = get_local_id(0);
            tile[i] = data[get_global_id(0)];
            barrier(CLK_LOCAL_MEM_FENCE);
            data[get_global_id(0)] = tile[get_local_size(0) - 1 - i];
        }
        """;
}
